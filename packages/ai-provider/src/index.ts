export {
  type CounterweightModel,
  type CounterweightProvider,
  type CounterweightSettings,
  counterweight,
  createCounterweight,
} from './create-counterweight.ts';
