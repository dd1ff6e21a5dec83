// Web push for this browser, switched on and off by its reader. This file holds no words of any language.
const place = document.querySelector("[data-push-key]");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const can = place && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

if (can) setUp();

async function setUp() {
  const registration = await navigator.serviceWorker.register(new URL("./push-worker.js", import.meta.url));
  const [on, off] = ["on", "off"].map((one) => place.querySelector(`[data-push=${one}]`));
  const show = (subscription) => {
    place.hidden = false;
    on.hidden = subscription !== null;
    off.hidden = subscription === null;
  };
  const known = await registration.pushManager.getSubscription();
  show(known);
  // Whoever is signed in now is told here, not who was before.
  if (known) await tell(values(known));
  on.addEventListener("click", async () => {
    const refused = place.querySelector("[data-push-refused]");
    refused.hidden = true;
    try {
      const subscription = await registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: bytes(place.dataset.pushKey),
      });
      const answer = await tell(values(subscription));
      if (!answer.ok) {
        await subscription.unsubscribe();
        refused.hidden = false;
        return;
      }
      show(subscription);
    } catch {
      refused.hidden = false;
    }
  });
  off.addEventListener("click", async () => {
    const subscription = await registration.pushManager.getSubscription();
    if (subscription) {
      await tell({ endpoint: subscription.endpoint, remove: "on" });
      await subscription.unsubscribe();
    }
    show(null);
  });
}

function values(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

function tell(said) {
  return fetch(place.dataset.address, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams(said),
  });
}

function bytes(base64url) {
  const padded = base64url.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(base64url.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0));
}
