// Runs before the page is painted, so that a dark one doesn't flash white.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const wanted = () => {
    try {
      return localStorage.getItem("stagepost-theme") ?? "auto";
    } catch {
      return "auto";
    }
  };
  const apply = () => {
    const theme = wanted();
    const dark = theme === "dark" || (theme === "auto" && system.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("stagepost-theme"));
  };
  system.addEventListener("change", apply);
  window.stagepostTheme = {
    get: wanted,
    set(theme) {
      try {
        localStorage.setItem("stagepost-theme", theme);
      } catch {
        // Private browsing: it holds until the page is left.
      }
      apply();
    },
  };
  apply();
})();
