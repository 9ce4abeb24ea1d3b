// A host in Node (18 or newer) without packages. The business's own table stands where `orders` does.
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { SINWON, SINWON_KEY, SINWON_SECRET, HOME, PORT } = process.env;
const page = readFileSync(new URL("link.html", import.meta.url), "utf8");
const orders = new Map();

async function open(number) {
  const answer = await fetch(`${SINWON}/api/v1/verifications`, {
    method: "POST",
    headers: { Authorization: `Bearer ${SINWON_KEY}`, "Content-Type": "application/json", "Idempotency-Key": number },
    body: JSON.stringify({ reference: number, return_address: `${HOME}/back` }),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${told.code}: ${told.title}`);
  return told;
}

function genuine(headers, body) {
  const { "webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signatures = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(stamp)) < 300)) return false; // NaN is refused too
  const key = Buffer.from(SINWON_SECRET.replace("whsec_", ""), "base64");
  const wanted = createHmac("sha256", key).update(`${id}.${stamp}.`).update(body).digest();
  return signatures.split(" ").some((one) => {
    const given = Buffer.from(one.replace("v1,", ""), "base64");
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

function hear({ data }) {
  const order = orders.get(data.reference) ?? { sequence: 0 };
  if (data.sequence > order.sequence) orders.set(data.reference, data); // the same one may come twice
}

async function answer(request) {
  const [, kind, number] = new URL(request.url, HOME).pathname.split("/");
  if (kind === "identify") return [303, "", { Location: (await open(number)).url }];
  if (kind === "order") return [200, page.replace("{{ opened.url }}", (await open(number)).url)];
  if (kind === "state") return [200, orders.get(number)?.state ?? "open"];
  if (kind !== "webhook") return [404, "Not here"];
  const body = Buffer.concat(await request.toArray());
  if (!genuine(request.headers, body)) return [400, "Not signed"];
  hear(JSON.parse(body));
  return [204, ""];
}

createServer(async (request, response) => {
  const [status, text, headers] = await answer(request).catch((error) => [502, error.message]);
  response.writeHead(status, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(text);
}).listen(PORT, "127.0.0.1");
