// The host page's end of the bridge. Asked by the app's frames; asks the sandbox's server.
const page = document.documentElement;
const assets = page.dataset.assets;
const frames = new Map(); // iframe → { element, module, ask, subscriptions, close }

const theme = () => page.dataset.colorMode;
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const server = async (frame, cmd, data) => {
  const { module, page: on, space, modal } = frame.element.dataset;
  const about = { module, page: on, space, modal: modal && JSON.parse(modal) };
  const answer = await fetch('/_host/call', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ cmd, frame: about, data: data ?? null }),
  });
  const { value, error } = await answer.json();
  if (error !== undefined) throw new Error(error);
  return value;
};

// ---- Flags -----------------------------------------------------------------------------------------------------
const flags = () => document.getElementById('flags');
const closeFlag = (id) => {
  const flag = [...flags().children].find((one) => one.dataset.flag === String(id));
  flag?.remove();
  return flag !== undefined;
};
const showFlag = ({ id, title, description, type = 'info', appearance, isAutoDismiss, actions = [] }) => {
  closeFlag(id);
  const close = make('button', { type: 'button', className: 'flag-close', textContent: '×', onclick: () => flag.remove() });
  close.setAttribute('aria-label', 'Close');
  const links = actions.map(({ text, onClick }) =>
    make('button', { type: 'button', className: 'link', textContent: text, onclick: () => onClick?.() }));
  const flag = make('div', { className: `flag flag-${type} ${appearance ?? ''}` },
    make('div', { className: 'flag-text' }, make('strong', { textContent: title ?? '' }),
      ...(description ? [make('p', { textContent: description })] : []), ...links), close);
  flag.dataset.flag = String(id);
  flags().append(flag);
  if (isAutoDismiss) setTimeout(() => flag.remove(), 8000);
  return true;
};

// ---- Places ----------------------------------------------------------------------------------------------------
const space = () => page.dataset.space;
const place = ({ url, target, contentId, spaceKey, moduleKey }) => {
  if (url !== undefined) return new URL(url, location.origin).href;
  const key = spaceKey ?? space();
  const paths = {
    contentView: `/wiki/spaces/${space()}/pages/${contentId}`,
    contentEdit: `/wiki/spaces/${space()}/pages/${contentId}/edit`,
    contentList: `/wiki/spaces/${key}`,
    spaceView: `/wiki/spaces/${key}`,
    module: { 'approval-space': `/wiki/spaces/${key}/apps/approval-space`, 'approval-settings': '/wiki/admin/approval-settings' }[moduleKey],
  };
  if (!paths[target]) throw new Error(`unsupported_bridge_call navigate to ${target} ${moduleKey ?? ''}`);
  return new URL(paths[target], location.origin).href;
};

// ---- The byline ------------------------------------------------------------------------------------------------
const repaintByline = async () => {
  const byline = document.querySelector('[data-byline]');
  if (!byline) return;
  const fresh = await fetch(`/_host/byline?page=${byline.dataset.page}`);
  if (fresh.ok) byline.querySelector('[data-byline-label]').outerHTML = await fresh.text();
};
const openByline = (byline) => {
  const popup = byline.querySelector('.byline-popup');
  const button = byline.querySelector('button');
  const show = popup.hidden;
  button.setAttribute('aria-expanded', String(show));
  popup.hidden = !show;
  popup.replaceChildren();
  if (!show) return;
  const { module, resource, page: on } = byline.dataset;
  popup.append(frameElement(module, resource, { page: on }, 'Approval'));
};
const closeByline = (byline) => {
  if (!byline.querySelector('.byline-popup').hidden) openByline(byline);
};

// ---- Modals ----------------------------------------------------------------------------------------------------
const frameElement = (module, resource, data, title) => {
  const element = make('iframe', { src: `${assets}/_ctx/${module}/${resource}/index.html`, title });
  element.setAttribute('sandbox', page.dataset.frameSandbox);
  Object.assign(element.dataset, { module, resource }, Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)));
  return element;
};
const widths = { small: '400px', medium: '600px', large: '800px', xlarge: '968px', max: '95vw', fullscreen: '100vw', resizable: '800px' };
const openModal = (opener, { resource, onClose, size, context, closeOnEscape = true, closeOnOverlayClick = true, title }) => {
  const { module, resource: own, page: on, space: at } = opener.element.dataset;
  const element = frameElement(module, resource ?? own, { page: on, space: at, modal: JSON.stringify(context ?? {}) }, title || 'Dialog');
  const dialog = make('dialog', { className: `forge-modal ${typeof size === 'string' ? size : ''}` });
  dialog.style.setProperty('--modal-width', typeof size === 'object' ? size.width : (widths[size] ?? widths.medium));
  if (typeof size === 'object' && size.height) element.dataset.fixedHeight = size.height;
  if (title) {
    const button = make('button', { type: 'button', className: 'icon-button', textContent: '×', onclick: () => close() });
    button.setAttribute('aria-label', 'Close');
    dialog.append(make('header', {}, make('h2', { textContent: title }), button));
  }
  dialog.append(element);
  const close = (payload) => {
    frames.get(element)?.onClose?.(payload);
    frames.delete(element);
    dialog.close();
    dialog.remove();
    onClose?.(payload);
    return true;
  };
  element.closeFrame = close;
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    if (closeOnEscape) close();
  });
  dialog.addEventListener('click', (event) => {
    if (closeOnOverlayClick && event.target === dialog) close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return true;
};

// ---- Events, history -------------------------------------------------------------------------------------------
const subscribe = (frame, kind) => ({ event, callback }) => {
  const entry = { kind, event, callback };
  frame.subscriptions.add(entry);
  return { unsubscribe: () => frame.subscriptions.delete(entry) };
};
const tell = (kind, { event, payload }) => {
  for (const frame of frames.values()) {
    for (const entry of frame.subscriptions) if (entry.kind === kind && entry.event === event) entry.callback(payload);
  }
  if (event === 'FORGE_CONTENT_PROPERTY_UPDATED') repaintByline();
  return true;
};
const createHistory = (frame) => {
  if (!['approval-space', 'approval-settings'].includes(frame.module)) throw new Error('This module has no history');
  const at = () => ({ pathname: location.hash.slice(1) || '/', search: '', hash: '', state: null, key: String(history.length) });
  const path = (to) => (typeof to === 'string' ? to : `${to.pathname ?? '/'}${to.search ?? ''}`);
  const listeners = new Set();
  const changed = (action) => listeners.forEach((listener) => listener(at(), action));
  addEventListener('popstate', () => changed('POP'));
  return {
    action: 'POP', location: at(), length: history.length,
    push: (to) => { history.pushState(null, '', `#${path(to)}`); changed('PUSH'); },
    replace: (to) => { history.replaceState(null, '', `#${path(to)}`); changed('REPLACE'); },
    go: (steps) => history.go(steps), goBack: () => history.back(), goForward: () => history.forward(),
    createHref: (to) => `#${path(to)}`,
    listen: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
  };
};

// ---- Commands --------------------------------------------------------------------------------------------------
const commands = {
  getContext: async (frame) => ({ ...(await server(frame, 'getContext')), theme: { colorMode: theme() } }),
  invoke: (frame, data) => server(frame, 'invoke', data),
  fetchRemote: (frame, data) => server(frame, 'fetchRemote', data),
  fetchProduct: (frame, data) => server(frame, 'fetchProduct', data),
  showFlag: (_, data) => showFlag(data),
  closeFlag: (_, { id }) => closeFlag(id),
  navigate: (_, to) => void (to.type === 'new-tab' ? open(place(to), '_blank', 'noopener') : location.assign(place(to))),
  getUrl: (_, to) => place(to),
  reload: () => location.reload(),
  on: (frame, data) => subscribe(frame, 'app')(data),
  onPublic: (frame, data) => subscribe(frame, 'public')(data),
  emit: (_, data) => tell('app', data),
  emitPublic: (_, data) => tell('public', data),
  openModal: (frame, data) => openModal(frame, data),
  close: (frame, payload) => frame.element.closeFrame?.(payload) ?? (frame.byline ? (closeByline(frame.byline), true) : false),
  submit: () => false,
  refresh: (frame) => { frame.element.src = frame.element.src; return true; },
  open: (frame) => frame.byline !== null,
  onClose: (frame, callback) => {
    if (!frame.element.closeFrame && !frame.byline) return false;
    frame.onClose = callback;
    return true;
  },
  createHistory: (frame) => createHistory(frame),
  emitReadyEvent: () => true,
  setMacroViewportHeight: (frame, height) => { frame.element.dataset.fixedHeight = typeof height === 'number' ? `${height}px` : height; resize(frame, 0); },
  changeWindowTitle: (_, title) => { document.title = title; },
  isRovoEnabled: () => false,
  __theme: () => ({ colorMode: theme() }),
  __height: (frame, { height }) => resize(frame, height),
};
const resize = ({ element }, height) => { element.style.height = element.dataset.fixedHeight ?? `${height}px`; };

addEventListener('message', (event) => {
  if (event.origin !== assets || event.data?.sandboxBridge !== true || !event.ports[0]) return;
  const element = [...document.querySelectorAll('iframe[data-module]')].find((one) => one.contentWindow === event.source);
  if (!element) return;
  const frame = { element, module: element.dataset.module, subscriptions: new Set(), byline: element.closest('[data-byline]') };
  frame.ask = connect(event.ports[0], async (cmd, data) => {
    if (Object.hasOwn(commands, cmd)) return commands[cmd](frame, data);
    console.error(`unsupported_bridge_call ${cmd}`, data);
    showFlag({ id: `bridge-${cmd}`, type: 'error', title: 'The app used a bridge call this sandbox does not know', description: cmd });
    throw new Error(`unsupported_bridge_call ${cmd}`);
  });
  frames.set(element, frame);
});

// ---- The page around ---------------------------------------------------------------------------------------------
const setTheme = (mode) => {
  page.dataset.colorMode = mode;
  document.cookie = `sandbox-theme=${mode}; path=/; max-age=31536000; samesite=lax`;
  for (const [element, frame] of frames) if (element.isConnected) frame.ask('theme', { colorMode: mode });
};
const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });
const since = (at) => {
  const seconds = (Date.now() - at) / 1000;
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return relative.format(-Math.round(seconds / 60), 'minute');
  if (seconds < 86400) return relative.format(-Math.round(seconds / 3600), 'hour');
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(at);
};
addEventListener('DOMContentLoaded', () => {
  for (const time of document.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    time.title = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' }).format(at);
    time.textContent = time.dataset.exact === undefined ? since(at) : new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' }).format(at);
  }
  document.getElementById('theme')?.addEventListener('click', () => setTheme(theme() === 'dark' ? 'light' : 'dark'));
  for (const byline of document.querySelectorAll('[data-byline]')) {
    byline.querySelector('button').addEventListener('click', () => openByline(byline));
    document.addEventListener('click', (event) => { if (!byline.contains(event.target)) closeByline(byline); });
    byline.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      closeByline(byline);
      byline.querySelector('button').focus();
    });
  }
  for (const form of document.querySelectorAll('form[data-confirm]')) {
    form.addEventListener('submit', (event) => { if (!confirm(form.dataset.confirm)) event.preventDefault(); });
  }
  for (const input of document.querySelectorAll('input[data-submit]')) {
    input.addEventListener('change', () => input.form.requestSubmit());
  }
});
