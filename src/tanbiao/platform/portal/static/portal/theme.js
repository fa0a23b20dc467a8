// Runs before the first paint: says that scripts work, and follows the reader's choice of light or dark.
document.documentElement.classList.add("js");
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
follow();
dark.addEventListener("change", follow);
