// Forge's bridge as both apps find it: recorded answers, after `delay` ms. Fails loudly on what it does not know.
(() => {
  const { answers, context, page, delay } = globalThis.__recorded;
  const later = (value) => new Promise((resolve) => setTimeout(() => resolve(structuredClone(value)), delay));
  const commands = {
    getContext: () => context,
    enableTheming() {
      const html = document.documentElement;
      html.dataset.colorMode = "light";
      html.dataset.theme = "light:light dark:dark spacing:spacing typography:typography shape:shape";
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/tokens.css" }));
    },
    invoke({ path, method, invokeType }) {
      if (invokeType !== "ui-remote-fetch" || method !== "POST" || !answers[path]) throw new Error(`no answer to ${method} ${path}`);
      const headers = { "content-type": ["application/json"], date: [new Date().toUTCString()] };
      return { success: true, payload: { status: 200, headers, body: answers[path] } };
    },
    fetchProduct({ restPath, product }) {
      if (product !== "confluence" || !restPath.startsWith("/wiki/api/v2/pages/")) throw new Error(`no answer to ${restPath}`);
      return { status: 200, statusText: "OK", headers: { "content-type": "application/json" }, body: JSON.stringify(page), isAttachment: false };
    },
  };
  globalThis.__bridge = {
    callBridge(command, data) {
      if (!commands[command]) {
        console.error(`unknown bridge command ${command}`);
        return Promise.reject(new Error(`unsupported_bridge_call ${command}`));
      }
      try {
        return later(commands[command](data));
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
})();
