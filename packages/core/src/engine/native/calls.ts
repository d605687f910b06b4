import type { Door, ElementTypeNumber } from './door.ts';

/** A tensor as the engine sees it. */
export interface Block {
  readonly address: number;
  readonly type: ElementTypeNumber;
  readonly shape: readonly number[];
}

/** What an operation is told beside its tensors, by name; what it does not declare is left out. */
export type CallAttributes = Readonly<Record<string, number | boolean | readonly number[]>>;

/** Calls an operation by its name. */
export type CallOperation = (name: string, inputs: readonly Block[], attributes?: CallAttributes) => Block[];

/** Writes calls into the door's mailbox and reads their results. */
export function createCalls(door: Door): { readonly call: CallOperation; has(name: string): boolean } {
  const described = JSON.parse(door.describe()) as { name: string; attributes: string[] }[];
  const operations = new Map(described.map(({ name, attributes }, number) => [name, { number, attributes }]));

  function call(name: string, inputs: readonly Block[], attributes: CallAttributes = {}): Block[] {
    const operation = operations.get(name);
    if (!operation) throw new Error(`The engine has no operation ${name}`);
    const { mailbox } = door;
    let at = 0;
    const put = (value: number) => {
      mailbox[at++] = value;
    };
    put(operation.number);
    put(inputs.length);
    for (const { address, type, shape } of inputs) {
      put(address);
      put(type);
      put(shape.length);
      for (const size of shape) put(size);
    }
    for (const attribute of operation.attributes) {
      const value = attributes[attribute];
      if (value === undefined) put(0);
      else if (typeof value === 'object') {
        put(value.length);
        for (const number of value) put(number);
      } else {
        put(1);
        put(Number(value));
      }
    }
    if (at > mailbox.length) throw new Error(`${name}: too much for one call`);
    if (door.run() !== 0) throw new Error(door.message());
    return readResults(door.mailbox);
  }

  return { call, has: (name) => operations.has(name) };
}

function readResults(mailbox: Float64Array): Block[] {
  let at = 0;
  const take = () => mailbox[at++] as number;
  return Array.from({ length: take() }, () => {
    const address = take();
    const type = take() as ElementTypeNumber;
    const shape = Array.from({ length: take() }, take);
    return { address, type, shape };
  });
}
