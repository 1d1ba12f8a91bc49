import Foundation
import Testing

/// `Include/rcml.h` is the manual: every function says the same things, and Lua has it or says why not.
@Suite struct HeaderRules {
  let tree = SourceTree()

  /// Each declared function with the comment above it.
  private func functions() throws -> [(name: String, comment: String)] {
    let text = try tree.text("Include/rcml.h")
    var found: [(name: String, comment: String)] = []
    var search = text[...]
    while let mark = search.range(of: "\nRCML_API ") {
      let after = search[mark.upperBound...]
      guard let parenthesis = after.firstIndex(of: "("), let end = after.firstIndex(of: ";") else {
        break
      }
      let words = after[..<parenthesis].split { $0 == " " || $0 == "*" || $0 == "\n" }
      let before = text[..<mark.lowerBound]
      var comment = ""
      if before.hasSuffix("*/"), let start = before.range(of: "/**", options: .backwards) {
        comment = String(before[start.lowerBound...])
      }
      if let name = words.last { found.append((String(name), comment)) }
      search = text[end...]
    }
    return found
  }

  @Test func everyFunctionSaysItsThreadItsOwnershipAndItsAge() throws {
    let functions = try functions()
    #expect(functions.count >= 20, "the header lost its functions, or this test its eyes")
    for (name, comment) in functions {
      #expect(!comment.isEmpty, "\(name) has no comment")
      for word in ["Thread:", "Since"] {
        #expect(comment.contains(word), "\(name) does not say its \(word)")
      }
    }
  }

  /// What "any thread" and "inside a wake function" mean is proved by calling them so.
  @Test func everyFunctionForAnyThreadIsCalledByEightThreads() throws {
    let test = try tree.text("Tests/HeaderTests/threads.c")
    let free = try functions().filter { $0.comment.contains("Thread: [any]") }
    #expect(free.count >= 10, "the header lost its [any] functions, or this test its eyes")
    for (name, comment) in free {
      #expect(test.contains(name + "("), "Tests/HeaderTests/threads.c does not call \(name)")
      guard comment.contains("[wake]") else { continue }
      let wake = test.range(of: "static void wake(").map { test[$0.lowerBound...] } ?? ""
      let body = wake.range(of: "\n}").map { wake[..<$0.lowerBound] } ?? ""
      #expect(body.contains(name + "("), "the wake function of threads.c does not call \(name)")
    }
  }

  @Test func everyFunctionHasALuaFormOrAReasonForNone() throws {
    let sources = try tree.files(in: "Sources/LuaRCML", endingIn: [".c", ".h"])
    let bound = sources.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n")
    let reasons = try tree.text("Sources/LuaRCML/unbound.txt")
    for (name, _) in try functions() {
      #expect(
        bound.contains(name + "(") || reasons.contains("\n" + name + ":"),
        "\(name) has no Lua form and no line in Sources/LuaRCML/unbound.txt")
    }
  }
}
