// [data-countdown] carries data-due (and data-opened for its bar) as instants; data-left and
// data-over are the sentences with {time}. While more than an hour is left the server's own
// words in working days stay; the last hour is counted in minutes and seconds.
const TONES = ["tone-blue", "tone-amber", "tone-red"];

function clockText(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function tick(element, now) {
  const due = Date.parse(element.dataset.due);
  const left = due - now;
  const words = element.querySelector("[data-countdown-text]");
  if (words && Math.abs(left) < 3_600_000) {
    const sentence = left >= 0 ? element.dataset.left : element.dataset.over;
    words.textContent = sentence.replace("{time}", clockText(left));
  }
  if (!element.dataset.opened) return;
  const whole = Math.max(due - Date.parse(element.dataset.opened), 1);
  const share = Math.min(Math.max(left / whole, 0), 1);
  const bar = element.querySelector("progress");
  if (bar) bar.value = 1 - share;
  const tone = left <= 0 ? "tone-red" : share < 0.2 ? "tone-amber" : "tone-blue";
  for (const holder of [element.closest("[data-countdown-card]"), element]) {
    holder?.classList.remove(...TONES);
    holder?.classList.add(tone);
  }
}

function tickAll() {
  const now = Date.now();
  for (const element of document.querySelectorAll("[data-countdown]")) tick(element, now);
}

tickAll();
setInterval(tickAll, 1000);
