/// A function's extent in a Swift file, found by its braces.
struct FunctionExtent {
  var name: String
  var line: Int
  var length: Int
}

extension SourceTree.File {
  var functions: [FunctionExtent] {
    var found: [FunctionExtent] = []
    var open: [(name: String, line: Int, depth: Int)] = []
    var pending: (name: String, line: Int)?
    var depth = 0
    for (index, line) in code.enumerated() {
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      if let at = words.firstIndex(of: "func"), at + 1 < words.count {
        pending = (String(words[at + 1]), index + 1)
      } else if words.first == "init" || (words.count > 1 && words[1] == "init") {
        pending = ("init", index + 1)
      }
      for character in line {
        if character == "{" {
          if let started = pending {
            open.append((started.name, started.line, depth))
            pending = nil
          }
          depth += 1
        } else if character == "}" {
          depth -= 1
          if let last = open.last, last.depth == depth {
            open.removeLast()
            found.append(
              FunctionExtent(name: last.name, line: last.line, length: index + 2 - last.line))
          }
        }
      }
    }
    return found
  }
}
