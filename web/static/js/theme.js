// Light or dark: the choice lives in a cookie, so the server prints the right page at once.
const root = document.documentElement;
const darkByDefault = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return (root.dataset.theme || (darkByDefault.matches ? "dark" : "light")) === "dark";
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `corploan_theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    button.setAttribute("aria-pressed", String(isDark()));
  });
}
