export { type ServeOptions, type Serving, serveModels } from './serve-models.ts';
