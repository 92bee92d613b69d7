// The editor: text with a small toolbar, or the storage format as it is. What is published is always storage format.
const editor = document.getElementById('editor');
const source = document.getElementById('source');
const form = document.getElementById('edit');

const kept = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th',
  'td', 'strong', 'em', 'u', 's', 'code', 'pre', 'blockquote', 'a', 'sub', 'sup']);
const renamed = { b: 'strong', i: 'em', div: 'p', strike: 's', del: 's' };
const blocks = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'table', 'pre', 'blockquote', 'div', 'hr']);
const escape = (text) =>
  text.replace(/[&<>"\u00a0]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\u00a0': ' ' })[c]);

const isBlock = (node) =>
  node.nodeType === Node.ELEMENT_NODE && (blocks.has(node.localName) || node.classList.contains('macro-chip'));
const inside = (node) => [...node.childNodes].map(storage).join('');
function storage(node) {
  if (node.nodeType === Node.TEXT_NODE) return escape(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE) return '';
  if (node.dataset.storage !== undefined) return node.dataset.storage;
  const name = renamed[node.localName] ?? node.localName;
  if (name === 'br' || name === 'hr') return `<${name}/>`;
  // A block inside a paragraph would not be well-formed as people mean it: the paragraph gives way.
  if (name === 'p' && [...node.childNodes].some(isBlock)) return paragraphs(node);
  if (!kept.has(name)) return inside(node);
  const href = name === 'a' && /^https?:/.test(node.getAttribute('href') ?? '') ? ` href="${escape(node.getAttribute('href'))}"` : '';
  return `<${name}${href}>${inside(node)}</${name}>`;
}
// Loose text at the top level becomes paragraphs.
function paragraphs(root) {
  let made = '';
  let loose = '';
  const flush = () => {
    if (loose.trim()) made += `<p>${loose}</p>`;
    loose = '';
  };
  for (const node of root.childNodes) {
    if (isBlock(node)) {
      flush();
      made += storage(node);
    } else loose += storage(node);
  }
  flush();
  return made;
}

let touched = false;
editor.addEventListener('input', () => { touched = true; });
document.execCommand('defaultParagraphSeparator', false, 'p');
const toSource = () => { if (touched) source.value = paragraphs(editor); touched = false; };

for (const button of document.querySelectorAll('[data-command]')) {
  button.addEventListener('mousedown', (event) => event.preventDefault());
  button.addEventListener('click', () => {
    editor.focus();
    const [command, value] = button.dataset.command.split(' ');
    document.execCommand(command, false, value);
    touched = true;
  });
}
document.querySelector('[data-insert-macro]').addEventListener('click', ({ currentTarget }) => {
  const chip = document.createElement('div');
  chip.className = 'macro-chip';
  chip.contentEditable = 'false';
  chip.dataset.storage = currentTarget.dataset.insertMacro;
  chip.textContent = '✓ Countersign approval';
  editor.prepend(chip);
  touched = true;
});
for (const tab of document.querySelectorAll('[data-mode]')) {
  tab.addEventListener('click', async () => {
    const rich = tab.dataset.mode === 'text';
    if (rich === !editor.parentElement.hidden) return;
    if (rich) {
      const answer = await fetch('/_host/editor', { method: 'POST', body: source.value });
      const text = await answer.text();
      if (!answer.ok) return showFlag({ id: 'storage', type: 'error', title: 'The storage format has a mistake', description: text });
      editor.innerHTML = text;
    } else toSource();
    editor.parentElement.hidden = !rich;
    source.hidden = rich;
    for (const other of document.querySelectorAll('[data-mode]')) other.setAttribute('aria-pressed', String(other === tab));
  });
}
form.addEventListener('submit', toSource);
