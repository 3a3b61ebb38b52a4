// Light or dark: as the system says, or as was chosen here.

const THEMES = [
  ["auto", "Auto"],
  ["light", "Light"],
  ["dark", "Dark"],
];

// A browser may keep nothing for files.
function kept(value) {
  try {
    if (value === undefined) return localStorage.getItem("assay-theme");
    localStorage.setItem("assay-theme", value);
  } catch {
    // The choice lasts as long as the page.
  }
  return null;
}

function startTheme() {
  const button = byId("theme");
  let at = Math.max(
    0,
    THEMES.findIndex(([theme]) => theme === kept()),
  );
  const draw = () => {
    const [theme, title] = THEMES[at];
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = title;
    button.setAttribute("aria-label", `Colours: ${title.toLowerCase()}`);
  };
  button.addEventListener("click", () => {
    at = (at + 1) % THEMES.length;
    kept(THEMES[at][0]);
    draw();
  });
  draw();
}
