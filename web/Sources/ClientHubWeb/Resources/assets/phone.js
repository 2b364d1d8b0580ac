// The demo's phone, live: looks for new messages each second, shows them and says them aloud to screen readers.
"use strict";

const news = document.getElementById("phone-news");
const idsOnPage = () => [...document.querySelectorAll("[data-message]")].map((item) => item.dataset.message);
let seen = new Set(idsOnPage());

const say = (template, values) => {
  news.textContent = template.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
};

// What the server cannot know: the visitor's time zone, and whether the browser lets a page copy.
const dress = (phone) => {
  for (const time of phone.querySelectorAll("time[datetime]")) {
    time.textContent = new Date(time.dateTime)
      .toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" });
  }
  for (const button of phone.querySelectorAll("button[data-code]")) button.hidden = !navigator.clipboard;
};

// The page as it is now takes the place of what is shown; whoever was at a button still is.
const renew = async () => {
  const answer = await fetch("/phone", { cache: "no-store" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const phone = page.getElementById("phone");
  const focused = document.activeElement?.id;
  dress(phone);
  document.getElementById("phone").replaceWith(phone);
  if (focused?.startsWith("copy-")) document.getElementById(focused)?.focus();
  phone.querySelector(".thread li:last-child")?.scrollIntoView({ block: "nearest" });
};

// What is said aloud is seen as well where nothing else on the page tells it.
let isLost = false;
const lose = (now) => {
  isLost = now;
  news.className = now ? "warning" : "hide";
  say(now ? news.dataset.lost : "", {});
};

const look = async () => {
  try {
    const answer = await fetch("/phone/messages", { cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { messages } = await answer.json();
    const fresh = messages.filter((message) => !seen.has(message.message));
    if (fresh.length > 0) {
      await renew();
      seen = new Set(messages.map((message) => message.message));
      const newest = fresh[fresh.length - 1];
      say(news.dataset.news, { number: newest.to, text: newest.text });
    }
    if (isLost) lose(false);
  } catch {
    if (!isLost) lose(true);
  }
  setTimeout(look, 1000);
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-code]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.code);
  } catch {
    return; // The browser does not let this page copy: the digits can still be marked.
  }
  say(news.dataset.copied, { code: button.dataset.code });
});

dress(document.getElementById("phone"));
look();
