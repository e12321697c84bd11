// The description of the API, drawn by Swagger UI in the theme of the console and with the key of this tab.

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Swagger UI has a class for dark pages. */
function paint() {
  const theme = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  root.classList.toggle("dark-mode", theme === "dark");
}

function useKey() {
  const key = sessionStorage.getItem("ilios.key");
  if (key) reference.preauthorizeApiKey("apiKey", key);
}

dark.addEventListener("change", paint);
paint();
const reference = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  onComplete: useKey,
});
