// A page with data-live-topic follows its case: each event fetches the page again and swaps the
// regions marked data-live (each with an id). What the person is doing is left alone.
const PAUSE = 150;
const page = document.querySelector("[data-live-topic]");
const mark = document.querySelector("[data-live-mark]");
let waiting = 0;
let running = false;
let again = false;

function show(state) {
  if (!mark) return;
  mark.hidden = false;
  mark.dataset.state = state;
  mark.textContent = mark.dataset[`text${state === "on" ? "On" : "Lost"}`];
}

function isBusy(region) {
  if (region.querySelector("dialog[open]")) return true;
  const entries = [...region.querySelectorAll("input, textarea, select")];
  return entries.some((entry) => entry === document.activeElement || isTouched(entry));
}

function isTouched(entry) {
  if (entry.type === "hidden") return false;
  if (entry.type === "checkbox" || entry.type === "radio") {
    return entry.checked !== entry.defaultChecked;
  }
  if (entry instanceof HTMLSelectElement) {
    const options = [...entry.options];
    const first = options.find((option) => option.defaultSelected) || options[0];
    return first !== undefined && !first.selected;
  }
  return entry.value !== entry.defaultValue;
}

function swap(region, fresh) {
  if (isBusy(region) || region.innerHTML === fresh.innerHTML) return;
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...region.querySelectorAll("details[open][id]")].map((one) => one.id);
  const scrolled = [...region.querySelectorAll("[data-keep-scroll]")];
  const places = scrolled.map((one) => [one.scrollLeft, one.scrollTop]);
  region.replaceChildren(...fresh.childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  region.querySelectorAll("[data-keep-scroll]").forEach((one, index) => {
    [one.scrollLeft, one.scrollTop] = places[index] || [0, 0];
  });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

async function refresh() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    const answer = await fetch(location.href, {
      headers: { "X-Live": "1" },
      credentials: "same-origin",
    });
    if (answer.redirected) location.reload();
    if (answer.ok) swapAll(await answer.text());
  } catch {
    show("lost");
  }
  running = false;
  if (again) later();
  again = false;
}

function swapAll(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const region of document.querySelectorAll("[data-live][id]")) {
    const other = fresh.getElementById(region.id);
    if (other) swap(region, other);
  }
  document.dispatchEvent(new CustomEvent("corploan:refreshed"));
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
}

function follow(topic) {
  let lost = false;
  const events = new EventSource(`/events?topic=${encodeURIComponent(topic)}`);
  events.onopen = () => {
    show("on");
    if (lost) later();
    lost = false;
  };
  events.addEventListener("moved", later);
  events.onerror = () => {
    lost = true;
    show("lost");
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(() => follow(topic), 5000);
    }
  };
}

if (page) follow(page.dataset.liveTopic);
