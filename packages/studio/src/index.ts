export { type OpenedStudio, openStudio, type StudioOptions } from './open-studio.ts';
