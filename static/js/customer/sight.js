// Looks at one small grey picture of the camera's view and says where the card is and what is wrong. Pure: no page.

// The view is the guide with a margin around it; all lengths are shares of the guide's width or height.
export const MARGIN = 0.1;
export const RATIO = 85.6 / 53.98;

const SLOPES = Array.from({ length: 17 }, (_, i) => (i - 8) * 0.025);
const LEVEL = 0.11; // a side that leans more than this is not level
const CAP = 40; // one strong pixel counts no more than this
const EDGE = 9; // mean gradient along a side that is an edge
const OUTER = 0.6; // the outermost line this strong against the strongest is the card's: letters lie inside
const REACH = 0.38; // how deep into the view each side is looked for
const DARK = 55;
const BLAZING = 250;
const GLARE = 0.012;
const SHARP = 0.038;

// grey: Uint8ClampedArray of width × height. Returns { word, corners?, sharpness, glare, brightness, offsets }.
export function look(grey, width, height) {
  const brightness = mean(grey);
  const sides = {
    left: side(grey, width, height, true, false),
    right: side(grey, width, height, true, true),
    top: side(grey, width, height, false, false),
    bottom: side(grey, width, height, false, true),
  };
  const seen = { brightness, glare: blaze(grey, width, height), sharpness: sharpness(grey, width, height), sides };
  return { ...seen, word: judge(seen, width, height) };
}

function judge({ brightness, glare, sharpness: sharp, sides }, width, height) {
  if (brightness < DARK) return "dark";
  const found = Object.values(sides).filter((one) => one.strength >= EDGE);
  if (found.length < 3) return "find";
  const placed = placement(sides, width, height);
  if (placed !== "good") return placed;
  if (glare > GLARE) return "glare";
  return sharp < SHARP ? "still" : "good";
}

// Where each side lies against the guide: positive offsets are inside it.
function placement({ left, right, top, bottom }, width, height) {
  const unit = width / (1 + 2 * MARGIN);
  const edge = unit * MARGIN;
  const tall = height / (1 + 2 * MARGIN);
  const rim = tall * MARGIN;
  const l = (left.at - edge) / unit;
  const r = (width - right.at - edge) / unit;
  const t = (top.at - rim) / tall;
  const b = (height - bottom.at - rim) / tall;
  const wide = 1 - l - r;
  const high = 1 - t - b;
  const leaning = [left, right, top, bottom].some((one) => one.strength >= EDGE && Math.abs(one.slope) > LEVEL);
  if (wide < 0.8 && high < 0.82) return "closer";
  if (leaning) return "straight";
  if (Math.min(l, r) < -0.085 || Math.min(t, b) < -0.085) return wide > 1.1 || high > 1.1 ? "farther" : "centre";
  if (wide < 0.8 || high < 0.8 || Math.abs(l - r) > 0.16 || Math.abs(t - b) > 0.2) return "centre";
  const shape = wide / high;
  return shape < 0.86 || shape > 1.16 ? "straight" : "good";
}

// The outermost long line near one border: upright where `vertical`; from the right or the bottom where `far`.
function side(grey, width, height, vertical, far) {
  const across = vertical ? width : height;
  const along = vertical ? height : width;
  const depth = Math.floor(across * REACH);
  const pixel = vertical ? (c, a) => grey[a * width + c] : (c, a) => grey[c * width + a];
  const place = (d) => (far ? across - 2 - d : d + 1);
  const first = Math.floor(along * 0.22);
  const last = Math.floor(along * 0.78);
  const step = Math.max(1, Math.floor((last - first) / 48));
  const lines = [];
  let strongest = 0;
  for (let d = 0; d < depth; d += 1) {
    let best = { at: place(d), slope: 0, strength: 0 };
    for (const slope of SLOPES) {
      const strength = line(pixel, place(d), slope, first, last, step, across, along);
      if (strength > best.strength) best = { at: place(d), slope, strength };
    }
    lines.push(best);
    strongest = Math.max(strongest, best.strength);
  }
  const outer = lines.findIndex((one) => one.strength >= Math.max(EDGE, strongest * OUTER));
  if (outer < 0) return { at: place(0), slope: 0, strength: strongest };
  // The peak of that ridge, not its foot.
  let peak = outer;
  while (peak + 1 < lines.length && lines[peak + 1].strength > lines[peak].strength) peak += 1;
  return lines[peak];
}

function line(pixel, at, slope, first, last, step, across, along) {
  let signed = 0;
  let count = 0;
  for (let a = first; a <= last; a += step) {
    const c = Math.round(at + slope * (a - along / 2));
    if (c < 1 || c > across - 2) continue;
    const gradient = pixel(c + 1, a) - pixel(c - 1, a);
    signed += Math.max(-CAP, Math.min(CAP, gradient));
    count += 1;
  }
  // A card's edge keeps its sign from end to end; letters and grain do not.
  return count > 8 ? Math.abs(signed) / count : 0;
}

function inner(width, height) {
  const x = Math.floor(width * 0.16);
  const y = Math.floor(height * 0.16);
  return { x0: x, x1: width - x, y0: y, y1: height - y };
}

// The share of the card that is washed out, counted in blocks so that white paint alone does not count.
function blaze(grey, width, height) {
  const { x0, x1, y0, y1 } = inner(width, height);
  const size = 6;
  let blocks = 0;
  let blazing = 0;
  for (let y = y0; y + size <= y1; y += size) {
    for (let x = x0; x + size <= x1; x += size) {
      let full = 0;
      for (let dy = 0; dy < size; dy += 1) {
        for (let dx = 0; dx < size; dx += 1) if (grey[(y + dy) * width + x + dx] >= BLAZING) full += 1;
      }
      blocks += 1;
      if (full >= size * size * 0.9) blazing += 1;
    }
  }
  return blocks ? blazing / blocks : 0;
}

// How steep the steepest of the card's small edges are, against its contrast: 0 blurred, about 0.1 and more sharp.
function sharpness(grey, width, height) {
  const { x0, x1, y0, y1 } = inner(width, height);
  let sum = 0;
  let squares = 0;
  let steep = 0;
  let count = 0;
  for (let y = y0 + 1; y < y1 - 1; y += 1) {
    for (let x = x0 + 1; x < x1 - 1; x += 1) {
      const i = y * width + x;
      const value = grey[i];
      const bend = 4 * value - grey[i - 1] - grey[i + 1] - grey[i - width] - grey[i + width];
      sum += value;
      squares += value * value;
      steep += bend * bend;
      count += 1;
    }
  }
  const spread = squares / count - (sum / count) ** 2;
  return spread > 1 ? steep / count / (spread * 20) : 0;
}

function mean(grey) {
  let sum = 0;
  for (let i = 0; i < grey.length; i += 4) sum += grey[i];
  return sum / (grey.length / 4);
}

// How much two looks differ, 0 to 255: a moving hand against a still one.
export function stir(before, now) {
  let sum = 0;
  for (let i = 0; i < now.length; i += 5) sum += Math.abs(now[i] - before[i]);
  return sum / (now.length / 5);
}
