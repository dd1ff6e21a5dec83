// The little work that a sign-up costs: a number whose SHA-256 with the form's challenge begins with so many zero bits.
// Without it, or without crypto.subtle, the form is taken after a short wait.
const challenge = document.querySelector("input[name=challenge][data-bits]");
const proof = challenge?.form.querySelector("input[name=proof]");

function hasZeros(digest, bits) {
  const view = new DataView(digest);
  return bits <= 32 ? view.getUint32(0) >>> (32 - bits) === 0 : view.getUint32(0) === 0;
}

async function work() {
  const bits = Number(challenge.dataset.bits);
  const encoder = new TextEncoder();
  for (let number = 0; !proof.value; number += 64) {
    const tries = Array.from({ length: 64 }, (_one, at) => number + at);
    const digests = await Promise.all(tries.map((one) => crypto.subtle.digest("SHA-256", encoder.encode(`${challenge.value}:${one}`))));
    const found = digests.findIndex((digest) => hasZeros(digest, bits));
    if (found >= 0) proof.value = String(tries[found]);
  }
}

if (proof && !proof.value && crypto.subtle) work();
