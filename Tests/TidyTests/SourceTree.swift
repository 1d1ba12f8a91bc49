import Foundation

/// The project as text.
struct SourceTree {
  final class File {
    let path: String
    let lines: [String]
    /// The lines without comments and without what stands in string literals: what the compiler sees.
    private(set) lazy var code = strippedLines()
    /// The names behind `extension`.
    private(set) lazy var extendedTypes: Set<String> = Set(
      code.compactMap { line in
        let words = Self.words(of: line)
        return words.firstIndex(of: "extension").flatMap { words.dropFirst($0 + 1).first }
      })

    init(path: String, lines: [String]) {
      self.path = path
      self.lines = lines
    }

    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  let root: URL

  init(testFile: String = #filePath) {
    root = URL(fileURLWithPath: testFile)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  /// Every file below `folder` that ends in one of `endings`.
  func files(in folder: String, endingIn endings: [String]) throws -> [File] {
    let base = root.appendingPathComponent(folder)
    guard let walker = FileManager.default.enumerator(atPath: base.path) else { return [] }
    var found: [File] = []
    for case let relative as String in walker
    where endings.contains(where: { relative.hasSuffix($0) }) {
      let text = try String(contentsOf: base.appendingPathComponent(relative), encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      found.append(File(path: folder + "/" + relative, lines: lines))
    }
    return found.sorted { $0.path < $1.path }
  }

  func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }
}

extension SourceTree.File {
  fileprivate func strippedLines() -> [String] {
    var inBlockComment = false
    var inLongString = false
    return lines.map { line in
      // Most lines have neither: that need not be looked at letter by letter.
      let isPlain = !line.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "/") }
      if isPlain, !inBlockComment, !inLongString { return line }
      var kept = ""
      var rest = Substring(line)
      var inString = false
      while let character = rest.first {
        if inBlockComment {
          if rest.hasPrefix("*/") {
            inBlockComment = false
            rest = rest.dropFirst(2)
          } else {
            rest = rest.dropFirst()
          }
        } else if rest.hasPrefix("\"\"\"") {
          inLongString.toggle()
          rest = rest.dropFirst(3)
        } else if inLongString {
          rest = rest.dropFirst()
        } else if inString {
          if character == "\\" {
            rest = rest.dropFirst(2)
          } else {
            if character == "\"" { inString = false }
            rest = rest.dropFirst()
          }
        } else if rest.hasPrefix("//") {
          break
        } else if rest.hasPrefix("/*") {
          inBlockComment = true
          rest = rest.dropFirst(2)
        } else {
          if character == "\"" { inString = true } else { kept.append(character) }
          rest = rest.dropFirst()
        }
      }
      return kept
    }
  }
}
