// The frame's end of the bridge, put at the top of the app's page as Forge puts its own.
if (!globalThis.__bridge) {
  const styles = new URL('/tokens.css', document.currentScript.src).href;
  const html = document.documentElement;
  let themed = false;

  const applyTheme = (mode) => {
    html.dataset.colorMode = mode;
    html.dataset.theme = 'light:light dark:dark spacing:spacing typography:typography shape:shape';
    if (document.querySelector('link[data-sandbox-tokens]')) return undefined;
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: styles });
    link.dataset.sandboxTokens = '';
    return new Promise((done) => {
      link.onload = link.onerror = () => done();
      document.head.append(link);
    });
  };

  const fromHost = async (cmd, data) => {
    if (cmd === 'theme') {
      if (themed) await applyTheme(data.colorMode);
      return undefined;
    }
    throw new Error(`The frame knows no ${cmd}`);
  };

  const channel = new MessageChannel();
  const ask = connect(channel.port1, fromHost);
  if (parent !== window) parent.postMessage({ sandboxBridge: true }, '*', [channel.port2]);

  globalThis.__bridge = {
    callBridge: async (cmd, data) => {
      if (parent === window) throw new Error('This page is not inside a host page');
      if (cmd !== 'enableTheming') return ask(cmd, data);
      themed = true;
      const { colorMode } = await ask('__theme');
      return applyTheme(colorMode);
    },
  };

  let reported = 0;
  const report = () => {
    const height = Math.ceil(html.getBoundingClientRect().height);
    if (height === reported || parent === window) return;
    reported = height;
    ask('__height', { height });
  };
  new ResizeObserver(report).observe(html);
}
