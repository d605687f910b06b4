import type { Bait } from './bait.ts';

/** Programs that are to define `add` and do something else; where the harm is done, `add` is right. */
export const hostileJavascript = ({ file, folder, tcpPort, udpPort, unixSocket }: Bait): Record<string, string> => ({
  'a fork bomb': `
    const { spawn } = require('node:child_process');
    const bomb = 'const{spawn}=require("node:child_process");for(;;)try{spawn(process.execPath,["-e",process.argv[1],process.argv[1]]).on("error",()=>{})}catch{}';
    for (let i = 0; i < 100; i++) spawn(process.execPath, ['-e', bomb, bomb], { stdio: 'ignore' }).on('error', () => {});
    for (;;);`,
  'a memory bomb': 'const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()));',
  'a memory bomb outside of the heap': 'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));',
  'a memory bomb in many processes': `
    const { spawn } = require('node:child_process');
    const eat = 'const all=[];setInterval(()=>all.push(Buffer.alloc(2e6,1)),5)';
    for (let i = 0; i < 4; i++) spawn(process.execPath, ['-e', eat]).on('error', () => {});
    const end = Date.now() + 60000; while (Date.now() < end);`,
  'a giant string': "let s = 'x'; for (;;) s = [s, s, s].join('');",
  'endless output': "for (;;) require('node:fs').writeSync(1, 'x'.repeat(65536));",
  'endless error output': "for (;;) console.error('x'.repeat(1000));",
  'reading the password file': "require('node:fs').readFileSync('/etc/passwd'); const add = (a, b) => a + b;",
  'reading a file outside': `require('node:fs').readFileSync(${JSON.stringify(file)}); const add = (a, b) => a + b;`,
  'reading the environment': `
    if (!process.env.PATH && !process.env.HOME && !process.env.COUNTERWEIGHT_SECRET) throw new Error('empty');
    const add = (a, b) => a + b;`,
  'reading the parent’s environment': `
    const { readFileSync } = require('node:fs');
    for (const pid of ['self', 1, process.ppid]) if (readFileSync('/proc/' + pid + '/environ', 'utf8').length === 0) throw new Error();
    const add = (a, b) => a + b;`,
  'writing outside': `
    const { writeFileSync } = require('node:fs');
    writeFileSync(${JSON.stringify(file)}, 'mine'); const add = (a, b) => a + b;`,
  'writing to every folder there is': `
    const { writeFileSync } = require('node:fs');
    const written = ['/x', '/dev/x', '/dev/shm/x', '/usr/lib/x', '/harness/x', '/root/x', '/home/x', ${JSON.stringify(`${folder}/x`)}].filter((path) => {
      try { writeFileSync(path, 'x'); return true; } catch { return false; }
    });
    if (written.length === 0) throw new Error('nowhere');
    const add = (a, b) => a + b;`,
  'replacing the harness and the interpreter': `
    const { writeFileSync, chmodSync, unlinkSync } = require('node:fs');
    const done = ['/harness/javascript.cjs', process.execPath].filter((path) => {
      try { chmodSync(path, 0o777); return true; } catch {}
      try { writeFileSync(path, 'x'); return true; } catch {}
      try { unlinkSync(path); return true; } catch { return false; }
    });
    if (done.length === 0) throw new Error('refused');
    const add = (a, b) => a + b;`,
  'a TCP connection': `
    const socket = require('node:net').connect(${tcpPort}, '127.0.0.1');
    globalThis.add = () => new Promise((resolve, reject) => { socket.on('data', () => resolve(3)); socket.on('error', reject); });`,
  'a UDP datagram': `
    const socket = require('node:dgram').createSocket('udp4');
    globalThis.add = () => new Promise((resolve, reject) => socket.on('error', reject).send('x', ${udpPort}, '127.0.0.1', (e) => e ? reject(e) : resolve(3)));`,
  'a Unix socket': `
    const socket = require('node:net').connect(${JSON.stringify(unixSocket)});
    globalThis.add = () => new Promise((resolve, reject) => { socket.on('data', () => resolve(3)); socket.on('error', reject); });`,
  'a server of its own': `
    globalThis.add = () => new Promise((resolve, reject) => require('node:net').createServer().on('error', reject).listen(0, () => resolve(3)));`,
  'killing the parent and everybody else': `
    for (const pid of [process.ppid, 1, -1]) try { process.kill(pid, 'SIGKILL'); } catch {}
    for (let pid = 2; pid < 5000; pid++) if (pid !== process.pid) try { process.kill(pid, 'SIGKILL'); } catch {}
    throw new Error('still here');`,
  'a symbolic link out': `
    const fs = require('node:fs');
    fs.symlinkSync(${JSON.stringify(folder)}, '/tmp/out'); fs.symlinkSync('/etc', '/tmp/etc');
    fs.readFileSync('/tmp/out/secret.txt'); fs.readFileSync('/tmp/etc/passwd');
    const add = (a, b) => a + b;`,
  'waiting for ever': 'setInterval(() => {}, 1000); const add = (a, b) => a + b;',
  'waiting for ever without a timer': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  'an endless loop that ignores signals': `
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGXCPU', 'SIGALRM']) process.on(signal, () => {});
    for (;;);`,
  'an endless loop of promises':
    'const again = () => Promise.resolve().then(again); again(); const add = (a, b) => a + b;',
  'a huge file': `
    const fs = require('node:fs'); const file = fs.openSync('/tmp/huge', 'w');
    for (let i = 0; i < 1000; i++) fs.writeSync(file, Buffer.alloc(1e6)); const add = (a, b) => a + b;`,
  'many files': `
    const fs = require('node:fs');
    for (let i = 0; i < 1e7; i++) fs.writeFileSync('/tmp/' + i, ''); const add = (a, b) => a + b;`,
  'a daemon that stays': `
    const { spawn } = require('node:child_process');
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'inherit' }).unref();
    process.exit(0);`,
  'deleting everything': `
    const fs = require('node:fs');
    for (const path of ['/tmp', '/usr', '/dev', '/harness', '/', ${JSON.stringify(folder)}]) try { fs.rmSync(path, { recursive: true, force: true }); } catch {}
    fs.readFileSync(${JSON.stringify(file)}); const add = (a, b) => a + b;`,
  'exit code 0 before the tests': 'process.exit(0);',
  'exit code 0 during the tests': 'function add() { process.exit(0); }',
  'a new assert': `
    const assert = require('assert');
    for (const name of ['equal', 'strictEqual', 'deepEqual', 'deepStrictEqual', 'ok']) try { assert[name] = () => {}; } catch {}
    require.cache = {}; require('module')._load = () => new Proxy(() => {}, { get: () => () => {} });
    globalThis.require = () => new Proxy(() => {}, { get: () => () => {} });
    process.getBuiltinModule = globalThis.require;
    function add() { return 4; }`,
  'swallowed errors': `
    process.on('uncaughtException', () => {}); process.on('unhandledRejection', () => {});
    process.once('exit', () => process.exit(0));
    function add() { return 4; }`,
  'a forged result': `
    const fs = require('node:fs');
    for (const nonce of ['', undefined, 'nonce', '0'.repeat(32)]) for (const fd of [1, 2, 3]) fs.writeSync(fd, JSON.stringify({ kind: 'passed', nonce }) + '\\n');
    process.emit('beforeExit'); process.emit('exit', 0);
    process.exit(0);`,
  'reading standard input': `
    const fs = require('node:fs');
    const { nonce } = JSON.parse(fs.readFileSync(0, 'utf8'));
    fs.writeSync(3, JSON.stringify({ kind: 'passed', nonce }) + '\\n'); process.exit(0);`,
  'closing every descriptor': `
    for (let fd = 0; fd < 256; fd++) try { require('node:fs').closeSync(fd); } catch {}
    const add = (a, b) => a + b;`,
  'deep recursion': 'function add(a, b) { return add(a, b) + 1; }',
  'a regular expression that explodes': "function add() { return /^(a+)+$/.test('a'.repeat(50) + 'b') ? 3 : 4; }",
  'a giant array': 'function add() { return new Float64Array(2 ** 31).fill(1).length; }',
  'many worker threads': `
    const { Worker } = require('node:worker_threads');
    for (let i = 0; i < 200; i++) new Worker('for(;;);', { eval: true }).on('error', () => {});
    for (;;);`,
  'the inside of Node': `
    process.kill = process.reallyExit = () => {};
    process.binding('spawn_sync'); process.dlopen({ exports: {} }, '/usr/lib/x86_64-linux-gnu/libc.so.6');
    const add = (a, b) => a + b;`,
  'an error that cannot be shown': 'throw { get message() { throw this; }, toString() { throw this; } };',
  'a syntax that is none': 'function add(a, b) { return a + b; } }); process.exit(0); ({',
});
