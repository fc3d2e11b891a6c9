# SPDX-License-Identifier: Apache-2.0
#
# elixir compile_modules.exs DIR
#
# Compiles every DIR/LABEL/source.ex into its own folder. A label knows nothing of the modules of the
# others: they may be other versions of its own.
[dir] = System.argv()
Code.compiler_options(ignore_module_conflict: true)

for file <- Enum.sort(Path.wildcard(Path.join(dir, "*/source.ex"))) do
  {:ok, modules, _warnings} = Kernel.ParallelCompiler.compile_to_path([file], Path.dirname(file))

  for module <- modules do
    :code.purge(module)
    :code.delete(module)
    :code.purge(module)
  end
end
