[
  (block)
  (dict)
  (list)
] @fold
