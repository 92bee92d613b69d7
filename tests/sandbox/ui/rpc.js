// Two ends of a MessagePort that call each other. Functions travel as numbers and are called back by them.
// `handle(cmd, data)` answers what the other end asks; the function returned asks the other end.
const connect = (port, handle) => {
  const waiting = new Map();
  const functions = new Map();
  let count = 0;

  const isPlain = (value) => {
    const prototype = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
  };
  // What Forge's own bridge could not carry must not get through here either.
  const pack = (value) => {
    if (typeof value === 'function') {
      functions.set(++count, value);
      return { __function: count };
    }
    if (Array.isArray(value)) return value.map(pack);
    if (typeof value === 'object' && value !== null) {
      if (!isPlain(value)) throw new Error(`A ${value.constructor?.name ?? 'special object'} can't cross the bridge`);
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, pack(member)]));
    }
    if (typeof value === 'symbol' || typeof value === 'bigint') throw new Error(`A ${typeof value} can't cross the bridge`);
    return value;
  };
  const unpack = (value) => {
    if (Array.isArray(value)) return value.map(unpack);
    if (typeof value !== 'object' || value === null) return value;
    if (typeof value.__function === 'number') return (...args) => ask({ run: value.__function, data: args });
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unpack(member)]));
  };

  const ask = (message) =>
    new Promise((resolve, reject) => {
      const id = ++count;
      const packed = { ...message, id, data: pack(message.data) };
      waiting.set(id, { resolve, reject });
      port.postMessage(packed);
    });

  port.onmessage = async ({ data: message }) => {
    if (message.answer) {
      const { resolve, reject } = waiting.get(message.answer) ?? {};
      waiting.delete(message.answer);
      if (message.error !== undefined) reject?.(new Error(message.error));
      else resolve?.(unpack(message.data));
      return;
    }
    try {
      const data = unpack(message.data);
      const made = message.run === undefined ? handle(message.cmd, data) : functions.get(message.run)?.(...data);
      port.postMessage({ answer: message.id, data: pack(await made) });
    } catch (error) {
      port.postMessage({ answer: message.id, error: String(error?.message ?? error) });
    }
  };
  return (cmd, data) => ask({ cmd, data });
};
