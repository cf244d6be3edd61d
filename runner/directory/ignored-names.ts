/**
 * Names that are never command files: `..data` and the time-stamped directories of a mounted ConfigMap, dot files, and what editors leave
 * beside the file they save (vim `4913` and `x~`, emacs `#x#`, JetBrains `x___jb_tmp___`, partial downloads and copies).
 */
export function isIgnoredName(name: string): boolean {
  return /^\.|~$|^#.*#$|___jb_(?:tmp|old)___$|\.(?:sw[a-z]|tmp|temp|part|bak|orig|new)$|^4913$/i.test(name);
}

/** Whether a file of this name declares something. */
export function isDeclarationFile(name: string): boolean {
  return /\.(?:json|ya?ml)$/i.test(name) && !isIgnoredName(name);
}
