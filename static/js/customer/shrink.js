// Pictures from files: opened in the browser, turned upright, made no larger than a card's letters need, as JPEG.

const LONGEST_SIDE = 4096;
const LIGHT = 6 * 1024 * 1024; // a smaller JPEG is sent as it is
const QUALITY = 0.9;

const HEIC_BRANDS = new Set(["heic", "heix", "heim", "heis", "mif1", "msf1", "hevc"]);

export class Refusal extends Error {
  // `word` names what to tell the customer.
  constructor(word) {
    super(word);
    this.word = word;
  }
}

// The picture as it should be sent. A file that this browser cannot open is left to the server's judgement.
export async function prepare(file, mostBytes) {
  if (file.size === 0) throw new Refusal("empty");
  const heic = await isHeic(file);
  const picture = await open(file);
  if (!picture) {
    if (heic) throw new Refusal("heic");
    if (file.size > mostBytes) throw new Refusal("large");
    return file;
  }
  const longest = Math.max(picture.width, picture.height);
  if (!heic && file.size <= LIGHT && longest <= LONGEST_SIDE) {
    picture.close?.();
    return file;
  }
  const smaller = await draw(picture, Math.min(1, LONGEST_SIDE / longest));
  picture.close?.();
  return smaller ?? file;
}

async function isHeic(file) {
  const head = new TextDecoder("latin1").decode(await file.slice(4, 12).arrayBuffer());
  return head.startsWith("ftyp") && HEIC_BRANDS.has(head.slice(4));
}

async function open(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

async function draw(picture, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}
