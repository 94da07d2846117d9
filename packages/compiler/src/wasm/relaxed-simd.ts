/** Whether this engine has fused multiply-add (relaxed SIMD). */
import { ModuleBuilder } from './assembler';

let supported: boolean | null = null;

export function relaxedSimdSupported(): boolean {
  if (supported !== null) return supported;
  const module = new ModuleBuilder();
  const { builder: f } = module.function('probe', { params: ['v128'], result: 'v128' });
  f.return(f.op('f64x2.relaxed_madd', f.params[0], f.params[0], f.params[0]));
  supported = WebAssembly.validate(module.toBytes({ module: 'env', name: 'memory', initialPages: 0 }));
  return supported;
}
