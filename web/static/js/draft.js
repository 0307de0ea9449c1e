// A form with data-autosave="URL" is saved while it is filled in: 600 ms after the last change,
// one request at a time. The server answers {saved_at, completeness_percent,
// shown, warnings: [{field, message}]}; what follows from the entries is then asked anew.
const PAUSE = 600;

function keepSaved(form) {
  const mark = form.querySelector("[data-saved]");
  let timer = 0;
  let running = false;
  let changed = false;

  function show(state, time = "") {
    if (!mark) return;
    mark.dataset.state = state;
    mark.textContent = (mark.dataset[state] || "").replace("{time}", time);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  async function save() {
    if (running) return;
    running = true;
    changed = false;
    show("saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string")),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const saved = await answer.json();
      showWarnings(form, saved.warnings || []);
      showCompleteness(saved.completeness_percent);
      showEntries(form, saved.shown);
      await renewFragments(form);
      show("saved", new Date(saved.saved_at).toLocaleTimeString(document.documentElement.lang));
    } catch {
      changed = true;
      show("offline");
    }
    running = false;
    if (changed) later(mark?.dataset.state === "offline" ? 5000 : PAUSE);
  }

  form.addEventListener("input", ({ target }) => {
    forgetRefusal(target);
    changed = true;
    later(PAUSE);
  });
  addEventListener("online", () => changed && later(0));
  addEventListener("beforeunload", (event) => {
    if (changed && !form.dataset.sent) event.preventDefault();
  });
}

// What was refused when the page was made says nothing about what is typed now.
function forgetRefusal(entry) {
  const told = entry.id && document.getElementById(`${entry.id}-error`);
  if (!told) return;
  told.remove();
  entry.removeAttribute("aria-invalid");
}

function showWarnings(form, warnings) {
  const messages = new Map(warnings.map(({ field, message }) => [field, message]));
  for (const place of form.querySelectorAll("[data-warning-for]")) {
    const message = messages.get(place.dataset.warningFor) || "";
    place.textContent = message;
    place.hidden = !message;
  }
}

function showCompleteness(percent) {
  const words = document.querySelector("[data-completeness]");
  const bar = document.querySelector("[data-completeness-bar]");
  if (percent === undefined || !words || !bar) return;
  words.textContent = words.dataset.text.replace("{percent}", percent);
  bar.value = percent;
}

// An entry that belongs to another choice is out of sight while it is empty.
function showEntries(form, shown) {
  if (!shown) return;
  const names = new Set(shown);
  const section = form.querySelector("[data-fragment]")?.closest("section");
  for (const place of section?.querySelectorAll("[data-entry]") || []) {
    const typed = place.querySelector("input, select, textarea")?.value;
    place.hidden = !names.has(place.dataset.entry) && !typed;
  }
}

// What follows from the entries is asked anew after each save; details that stand open stay open.
async function renewFragments(form) {
  for (const place of form.querySelectorAll("[data-fragment]")) {
    const answer = await fetch(place.dataset.fragment, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const open = Boolean(place.querySelector("details[open]"));
    place.innerHTML = await answer.text();
    const details = place.querySelector("details");
    if (details) details.open = open;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) keepSaved(form);
