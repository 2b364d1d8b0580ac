// Comfort for browsers with JavaScript. Every page works without it.
"use strict";

// After a form came back with a problem, that is what is read first.
document.getElementById("problem")?.focus();

// A page that answers a form is kept as if it had been asked for: neither a reload nor the back button sends the form again.
const { answers } = document.body.dataset;
if (answers) history.replaceState(history.state, "", answers);

// Moments in the visitor's own time zone and language.
for (const time of document.querySelectorAll("time[datetime]")) {
  const moment = new Date(time.dateTime);
  if (!Number.isNaN(moment.getTime())) {
    time.textContent = moment.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  }
}

// Buttons that may be pressed again after some seconds: data-countdown has the seconds, data-again the text meanwhile.
for (const button of document.querySelectorAll("button[data-countdown]")) {
  const label = button.textContent;
  let until = Date.now() + Number(button.dataset.countdown) * 1000;
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    button.disabled = seconds > 0;
    button.textContent = seconds > 0 ? button.dataset.again.replace("{seconds}", seconds) : label;
    if (seconds > 0) setTimeout(tick, 250);
  };
  tick();
  button.addEventListener("resendable", () => { until = 0; tick(); });
}

// How far a code that was sent has come; where it will not arrive it may be sent again at once.
for (const place of document.querySelectorAll("[data-delivery]")) {
  let left = 100; // a code lives five minutes
  const ask = async () => {
    const answer = await fetch("/two-factor/delivery").catch(() => null);
    if (!answer?.ok || !answer.headers.get("content-type")?.startsWith("application/json")) return;
    const { text, isFinal, resendIn } = await answer.json();
    if (place.textContent !== text) place.textContent = text;
    if (resendIn === 0) {
      for (const button of document.querySelectorAll("button[data-countdown]")) button.dispatchEvent(new Event("resendable"));
    }
    left -= 1;
    if (!isFinal && left > 0) setTimeout(ask, 3000);
  };
  ask();
}

// A form is sent once, however often its button is pressed; it may be sent again when the page is shown again.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Copy the text of an element; print the page.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.innerText.trim());
    const label = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// WebOTP: the browser offers the code of a text message that names this host.
const code = document.querySelector("input[data-otp]");
if (code && "OTPCredential" in window) {
  const stop = new AbortController();
  code.form.addEventListener("submit", () => stop.abort());
  navigator.credentials.get({ otp: { transport: ["sms"] }, signal: stop.signal })
    .then((otp) => { code.value = otp.code; code.form.requestSubmit(); })
    .catch(() => { /* no message came, or the person said no: the field is still there */ });
}

// A menu closes by Escape and by a click elsewhere.
for (const menu of document.querySelectorAll("details.menu")) {
  addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
