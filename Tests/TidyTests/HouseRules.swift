import Foundation
import Testing

/// The rules of the house, read off the sources (Sources/README.md). A rule that only people keep is not kept.
@Suite struct HouseRules {
  let tree = SourceTree()

  /// Which modules a room may import: what stands below it, nothing beside it.
  static let below: [String: Set<String>] = [
    "RCMLBasics": ["CDigest"],
    "RCMLDocument": ["RCMLBasics", "CExpat"],
    "RCMLDial": ["RCMLBasics", "RCMLDocument"],
    "RCMLSIP": ["RCMLBasics", "COsip"],
    "RCMLMedia": ["RCMLBasics", "CSpeexDSP", "CTelephony", "CMPEG", "CSecureRTP"],
    "RCMLAgent": ["RCMLBasics", "RCMLDocument", "RCMLDial", "RCMLSIP", "RCMLMedia"],
    "RCMLReactor": [
      "RCMLBasics", "RCMLDocument", "RCMLDial", "RCMLMedia", "RCMLAgent", "CSystem", "CTLS",
      "Glibc",
    ],
    "RCMLRehearsal": ["RCMLBasics", "RCMLDial", "RCMLSIP", "RCMLMedia", "RCMLAgent"],
    "RCMLLibrary": [
      "RCMLBasics", "RCMLDocument", "RCMLDial", "RCMLMedia", "RCMLAgent", "RCMLReactor",
      "RCMLRehearsal", "CRCML", "CSystem", "Glibc",
    ],
    "rcml": ["CRCML", "RCMLLibrary", "RCMLBasics", "Glibc"],
  ]

  /// Rooms without a clock, chance, or the outside world.
  static let pure = [
    "RCMLBasics", "RCMLDocument", "RCMLDial", "RCMLSIP", "RCMLMedia", "RCMLAgent",
    "RCMLRehearsal",
  ]

  @Test func aRoomImportsOnlyWhatStandsBelowIt() throws {
    for file in try tree.files(in: "Sources", endingIn: [".swift"]) {
      let allowed = try #require(Self.below[file.room], "\(file.path): a room nobody listed")
      for line in file.code {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at + 1 < words.count, at <= 1 else {
          continue
        }
        let module = String(words[at + 1].split(separator: ".")[0])
        #expect(allowed.contains(module), "\(file.path) imports \(module)")
      }
    }
  }

  /// The compiler puts a small or generic function of one room into another where it is `public`, and only there: with
  /// `package`, a call cost a fifth more instructions. Outside the project nobody sees either (Package.swift).
  @Test func whatRoomsShowOneAnotherIsPublic() throws {
    for file in try tree.files(in: "Sources", endingIn: [".swift"]) {
      for line in file.code {
        let words = line.split(separator: " ").prefix(4)
        #expect(
          !words.contains { $0 == "package" || $0.hasPrefix("package(") }, "\(file.path): \(line)")
      }
    }
  }

  /// The tool proves that rcml.h is enough: of the library's inside it takes words, in one file.
  @Test func theToolKnowsTheLibraryByItsHeader() throws {
    for file in try tree.files(in: "Sources/rcml", endingIn: [".swift"])
    where file.name != "PlainText.swift" {
      for line in file.code where line.hasPrefix("import RCML") {
        Issue.record("\(file.path): \(line)")
      }
    }
  }

  /// What people read names no clause of a specification that they do not have.
  @Test func noTextForUsersNamesAClause() throws {
    for file in try tree.files(in: "Sources", endingIn: [".swift"]) {
      for line in file.code where line.contains("\"") {
        #expect(
          line.firstMatch(of: #/"[^"]*\([A-Z]-\d{1,2}\)[^"]*"/#) == nil, "\(file.path): \(line)")
      }
    }
  }

  @Test func nothingBelowTheReactorReadsAClockOrTouchesTheMachine() throws {
    let forbidden = [
      "clock_gettime", "gettimeofday", "time(nil", "ContinuousClock", "SuspendingClock", "Date()",
      "SystemRandomNumberGenerator", ".random(", ".randomElement(", ".shuffle", "getrandom",
      "arc4random", "print(", "debugPrint(", "dump(", "readLine(", "getenv", "CommandLine.",
      "fopen(", "fread(", "fwrite(", "socket(", "recv(", "sendto(", "exit(", "abort(",
      "Task {", "DispatchQueue", "Thread(", "pthread_",
    ]
    for room in Self.pure {
      for file in try tree.files(in: "Sources/" + room, endingIn: [".swift"]) {
        for (number, line) in file.code.enumerated() {
          for word in forbidden where Self.contains(line, word: word) {
            Issue.record("\(file.path):\(number + 1) says \(word)")
          }
        }
      }
    }
  }

  @Test func nothingFromOutsideCanTrap() throws {
    let forbidden = ["try!", "as!", "fatalError(", "preconditionFailure(", "unsafelyUnwrapped"]
    for file in try tree.files(in: "Sources", endingIn: [".swift"]) {
      for (number, line) in file.code.enumerated() {
        for word in forbidden where line.contains(word) {
          Issue.record("\(file.path):\(number + 1) says \(word)")
        }
      }
    }
  }

  @Test func onlyTheSIPRoomKnowsLibosip() throws {
    for file in try tree.files(in: "Sources", endingIn: [".swift", ".c", ".h"])
    where file.room != "RCMLSIP" && file.room != "COsip" {
      for (number, line) in file.code.enumerated() where line.contains("osip_") {
        Issue.record("\(file.path):\(number + 1) names libosip2")
      }
    }
  }

  @Test func aFileHasAtMost600Lines() throws {
    for folder in ["Sources", "Tests", "examples"] {
      for file in try tree.files(in: folder, endingIn: [".swift", ".c", ".h", ".lua"]) {
        #expect(file.lines.count <= 601, "\(file.path) has \(file.lines.count) lines")
      }
    }
  }

  @Test func aFunctionHasAtMost80Lines() throws {
    for folder in ["Sources", "Tests"] {
      for file in try tree.files(in: folder, endingIn: [".swift"]) {
        for function in file.functions where function.length > 80 {
          Issue.record(
            "\(file.path):\(function.line) \(function.name) has \(function.length) lines")
        }
      }
    }
  }

  @Test func aMachineWritesOutEveryState() throws {
    for file in try tree.files(in: "Sources", endingIn: ["Machine.swift", "Transaction.swift"]) {
      for (number, line) in file.code.enumerated()
      where line.trimmingCharacters(in: .whitespaces).hasPrefix("default:") {
        Issue.record("\(file.path):\(number + 1) has a default")
      }
    }
  }

  @Test func nothingHoldsAPathOfSomebodysMachine() throws {
    // Put together here so that this file does not find itself.
    let forbidden = ["/" + "work/", "/" + "tmp/w/", "/" + "root/"]
    let endings = [".swift", ".c", ".h", ".md", ".lua", ".py", ".sh", ".xml", ".pc", ".cfg"]
    for folder in ["Sources", "Tests", "Include", "Scripts", "examples"] {
      for file in try tree.files(in: folder, endingIn: endings) {
        for (number, line) in file.lines.enumerated() {
          for word in forbidden where line.contains(word) {
            Issue.record("\(file.path):\(number + 1) holds \(word)")
          }
        }
      }
    }
  }

  /// `print(` must not be found in `fingerprint(`.
  private static func contains(_ line: String, word: String) -> Bool {
    var search = line[...]
    while let range = search.range(of: word) {
      let before =
        range.lowerBound == line.startIndex ? " " : line[line.index(before: range.lowerBound)]
      let startsAWord = !(before.isLetter || before.isNumber || before == "_" || before == ".")
      if startsAWord || word.hasPrefix(".") { return true }
      search = search[range.upperBound...]
    }
    return false
  }
}
