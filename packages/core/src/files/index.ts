/**
 * Files and folders that are whole or absent, and locks that survive a crash: for what works beside a run, and has no need
 * of the engine, which takes ten times as long to load.
 */
export { UserError, type UserErrorCode } from '../errors.ts';
export { removePartialFolder, writeFileDurably, writeFolderDurably } from './durable.ts';
export { fetchOverHttp } from './fetch-over-http.ts';
export { hashFile } from './hash-file.ts';
export { type FileLock, isGone, type LockHolder, lockHolder, tryLock, waitForLock } from './lock.ts';
export { makeFolder } from './make-folder.ts';
export { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';
export { timestamp } from './timestamp.ts';
export { explainWriteError } from './write-error.ts';
