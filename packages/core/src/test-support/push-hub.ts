import { createHash } from 'node:crypto';
import { type Answer, type Asked, type JsonServer, serveJson } from './json-server.ts';

/** As much of the hub's protocol as pushing to it needs: repositories of `org`, and one other model with a licence. */
export interface PushHub extends JsonServer {
  /** Files by `org/name/path`, as the last commit left them. */
  readonly files: Map<string, Buffer>;
  readonly repositories: Map<string, { readonly private: boolean }>;
  /** Answers in the hub's stead. */
  instead: (asked: Asked) => Answer | undefined;
}

export const RIGHT_TOKEN = 'hf_right';
const MODEL = { _id: '1', private: false, gated: false, downloads: 0, likes: 0, lastModified: '2026-01-01' };

export async function startPushHub(): Promise<PushHub> {
  const files = new Map<string, Buffer>();
  const repositories = new Map<string, { private: boolean }>();
  const uploads = new Map<string, Buffer>();
  let url = '';
  const answer = (asked: Asked): Answer => {
    const { path, headers, body } = asked;
    if (path === '/api/models/org/base/revision/HEAD') {
      return { json: { ...MODEL, id: 'org/base', cardData: { license: 'other', license_name: 'tiny-licence' } } };
    }
    if (path.startsWith('/lfs/')) {
      uploads.set(path.slice('/lfs/'.length), body);
      return {};
    }
    if (headers.authorization !== `Bearer ${RIGHT_TOKEN}`) return { status: 401, json: { error: 'Invalid token' } };
    if (path === '/api/repos/create') return create(asked.json as Created);
    const [, id = '', what = ''] = /^(?:\/api\/models)?\/(org\/[\w-]+?)(?:\.git)?\/(.*)$/.exec(path) ?? [];
    const repository = repositories.get(id);
    if (!repository) return { status: 404, json: { error: 'Repository not found' } };
    if (what === 'revision/HEAD') return { json: { ...MODEL, id, private: repository.private } };
    if (what === 'preupload/main') return { json: { files: modesOf(asked.json as { files: { path: string }[] }) } };
    if (what === 'info/lfs/objects/batch') return { json: { objects: objectsOf(asked.json as { objects: Stored[] }) } };
    if (what === 'commit/main') return commit(id, body.toString());
    return { status: 404, json: { error: 'not here' } };
  };
  const create = ({ organization, name, visibility }: Created): Answer => {
    const id = `${organization}/${name}`;
    if (organization !== 'org') return { status: 403, json: { error: `You don't have the rights to create a model` } };
    if (repositories.has(id)) return { status: 409, json: { error: 'You already created this model repo' } };
    repositories.set(id, { private: visibility === 'private' });
    return { json: { url: `${url}/${id}`, id } };
  };
  const modesOf = (asked: { files: { path: string }[] }) =>
    asked.files.map(({ path }) => ({ path, uploadMode: path.endsWith('.safetensors') ? 'lfs' : 'regular' }));
  const objectsOf = ({ objects }: { objects: Stored[] }) =>
    objects.map((object) => ({ ...object, actions: { upload: { href: `${url}/lfs/${object.oid}` } } }));
  const commit = (id: string, lines: string): Answer => {
    for (const line of lines.split('\n')) {
      const { key, value } = JSON.parse(line) as { key: string; value: { path: string; content: string; oid: string } };
      if (key === 'file') files.set(`${id}/${value.path}`, Buffer.from(value.content, 'base64'));
      if (key !== 'lfsFile') continue;
      const content = uploads.get(value.oid);
      const sha256 = content && createHash('sha256').update(content).digest('hex');
      if (sha256 !== value.oid) return { status: 400, json: { error: 'a file is missing' } };
      files.set(`${id}/${value.path}`, content as Buffer);
    }
    return { json: { success: true, commitOid: 'c0ffee', commitUrl: `${url}/${id}/commit/c0ffee` } };
  };
  const hub = { files, repositories, instead: (_: Asked): Answer | undefined => undefined };
  const server = await serveJson((asked) => hub.instead(asked) ?? answer(asked));
  url = server.url;
  return Object.assign(hub, server);
}

interface Created {
  readonly organization: string;
  readonly name: string;
  readonly visibility?: string;
}
interface Stored {
  readonly oid: string;
  readonly size: number;
}
