import Foundation
import Testing

/// The Lua module stands in layers (Sources/LuaRCML/README.md): a file includes the header of its own layer, headers are a
/// chain, and no files call each other in a circle.
@Suite struct LuaLayers {
  let tree = SourceTree()

  private static func includes(_ file: SourceTree.File) -> [String] {
    file.lines.filter { $0.hasPrefix("#include \"") }
      .compactMap { $0.split(separator: "\"").dropFirst().first.map(String.init) }
  }

  private static func folder(_ file: SourceTree.File) -> String {
    file.path.split(separator: "/").dropLast().last.map(String.init) ?? ""
  }

  @Test func aFileIncludesTheHeaderOfItsLayerAndNoOther() throws {
    let files = try tree.files(in: "Sources/LuaRCML", endingIn: [".c"])
    #expect(files.count > 20)
    for file in files {
      #expect(Self.includes(file) == [Self.folder(file) + ".h"], "\(file.path)")
    }
  }

  @Test func headersAreOneChain() throws {
    var below: [String: String] = [:]
    for file in try tree.files(in: "Sources/LuaRCML", endingIn: [".h"]) {
      let layer = Self.folder(file)
      let others = Self.includes(file)
      #expect(file.name == layer + ".h" && others.count <= 1, "\(file.path)")
      below[layer] = others.first.map {
        $0.split(separator: "/").dropFirst().first.map(String.init) ?? $0
      }
    }
    var layer = "module"
    var seen: Set<String> = []
    while seen.insert(layer).inserted, let next = below[layer] { layer = next }
    #expect(seen.count == below.count + 1 && layer == "compat", "\(below)")
  }

  @Test func noFilesCallEachOtherInACircle() throws {
    let files = try tree.files(in: "Sources/LuaRCML", endingIn: [".c"])
    let sources = files.map { (path: $0.path, text: $0.code.joined(separator: "\n")) }
    #expect(Self.circle(sources) == nil)
  }

  @Test func aCircleIsSeen() {
    let one = "void rise(int a) {\n  fall(a);\n}"
    let other = "static int still(void) { return 0; }\nint fall(int a) {\n  rise(a);\n}"
    let third = "void base(void) {\n}"
    #expect(Self.circle([("one.c", one), ("other.c", other), ("third.c", third)]) != nil)
    #expect(Self.circle([("other.c", other), ("third.c", third)]) == nil)
  }

  /// Files that call each other, if there are such: a file calls another when it names a function that is defined there.
  private static func circle(_ sources: [(path: String, text: String)]) -> [String]? {
    var home: [Substring: String] = [:]
    for (path, text) in sources {
      for line in text.split(separator: "\n")
      where line.hasSuffix("{") || line.hasSuffix("}") || line.hasSuffix(",") {
        guard let first = line.first, first.isLetter, !line.hasPrefix("static"),
          let open = line.firstIndex(of: "(")
        else { continue }
        let name = line[..<open].split { $0 == " " || $0 == "*" }.last
        if let name, name != line[..<open] { home[name] = path }
      }
    }
    var calls: [String: Set<String>] = [:]
    for (path, text) in sources {
      let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      calls[path] = Set(words.compactMap { home[$0] }.filter { $0 != path })
    }
    // Whoever calls nobody that is left is taken away; who remains stands in a circle, or calls one.
    var left = Set(sources.map(\.path))
    while let free = left.first(where: { calls[$0, default: []].isDisjoint(with: left) }) {
      left.remove(free)
    }
    return left.isEmpty ? nil : left.sorted()
  }
}
