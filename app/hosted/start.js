// The page's policy allows nothing inline, so the one line that starts the program is a file of its own.
import start from "./hosted.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => (document.documentElement.dataset.colorMode = dark.matches ? "dark" : "light");
dark.addEventListener("change", paint);
paint();
start().catch(() => {
  const main = document.getElementById("countersign");
  main.replaceChildren(Object.assign(document.createElement("p"), { textContent: "This page could not be loaded. Reload it, or try another browser." }));
});
