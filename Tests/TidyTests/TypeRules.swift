import Foundation
import Testing

/// How much a type holds, and who writes it.
@Suite struct TypeRules {
  let tree = SourceTree()
  static let mostProperties = 12
  static let mostFiles = 20

  private static func key(_ file: SourceTree.File, _ type: DeclaredType) -> String {
    file.room + "." + type.name
  }

  /// What is given in a table and not true any more must go, so that tables shrink.
  private func compare(_ found: [String: String], _ exceptions: [String: String]) {
    for (name, what) in found.sorted(by: { $0.key < $1.key }) where exceptions[name] == nil {
      Issue.record("\(name): \(what)")
    }
    for name in exceptions.keys.sorted() where found[name] == nil {
      Issue.record("\(name) keeps the rule: take it out of the exceptions")
    }
  }

  @Test func aTypeStoresAtMostTwelveProperties() throws {
    var found: [String: String] = [:]
    var count = 0
    for file in try tree.files(in: "Sources", endingIn: [".swift"]) {
      for type in file.declaredTypes {
        count += 1
        guard type.properties.count > Self.mostProperties else { continue }
        found[Self.key(file, type)] = "\(file.path) stores \(type.properties.count) properties"
      }
    }
    #expect(count > 300, "the sources lost their types, or this test its eyes")
    compare(found, Exceptions.wideTypes)
  }

  @Test func aPropertyIsWrittenInTheFileOfItsType() throws {
    let files = try tree.files(in: "Sources", endingIn: [".swift"])
    var found: [String: String] = [:]
    for file in files {
      for type in file.declaredTypes {
        let open = Set(
          type.properties.filter { $0.isVariable && !$0.isSealed }.map(\.name))
        guard !open.isEmpty else { continue }
        for other in files
        where other.room == file.room && other.path != file.path
          && other.extendedTypes.contains(type.name)
        {
          for (name, line) in other.assigned(open, inExtensionsOf: type.name) {
            found[Self.key(file, type)] =
              "\(name) is written in \(other.path):\(line): make it private(set)"
          }
        }
      }
    }
    compare(found, Exceptions.writtenElsewhere)
  }

  @Test func aFolderHoldsAtMostTwentyFiles() throws {
    var counts: [String: Int] = [:]
    for file in try tree.files(in: "Sources", endingIn: [".swift", ".c", ".h"]) {
      counts[String(file.path.dropLast(file.name.count + 1)), default: 0] += 1
    }
    #expect(counts.count > 30, "the sources lost their folders, or this test its eyes")
    let found = counts.filter { $0.value > Self.mostFiles }.mapValues { "\($0) files" }
    compare(found, Exceptions.fullFolders)
  }

  // MARK: the tests' own eyes

  private let wideFile = SourceTree.File(
    path: "Sources/Room/Wide.swift",
    lines: """
      /// var comment: Int
      package final class Wide {
        static var shared = 0
        let a: Int
        var b = 0, unused = [1: 2]
        private(set) var c: [Int: String] = [:]
        private var d: Int { 1 }
        var e: Int { get { 1 } set {} }
        lazy var f = { 1 }()
        var g: () -> Void = {}
        let (h, i) = (1, 2)
        struct Narrow {
          var j = 1
        }
        func work() {
          var local = 0
          local += 1
        }
        var k: Int { 2 }
        package internal(set) var l = 0
      }
      """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))

  private let aspect = SourceTree.File(
    path: "Sources/Room/Wide+Aspect.swift",
    lines: """
      extension Wide {
        func one() {
          b = 1
          if b == 2 { return }
        }
        func two(l: Int) {
          self.g = {}
          let b = l
          c[1] = nil
        }
      }
      extension Wide.Narrow {
        mutating func three() { j = 2 }
      }
      extension Other { func four() { b = 3 } }
      """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))

  @Test func storedPropertiesAreTold() throws {
    let types = wideFile.declaredTypes
    let wide = try #require(types.first { $0.name == "Wide" })
    #expect(wide.isClass)
    #expect(wide.properties.map(\.name) == ["a", "b", "c", "f", "g", "h", "i", "l"])
    #expect(wide.properties.filter(\.isSealed).map(\.name) == ["c"])
    #expect(wide.properties.filter { !$0.isVariable }.map(\.name) == ["a", "h", "i"])
    #expect(types.first { $0.name == "Narrow" }?.properties.map(\.name) == ["j"])
  }

  @Test func whoWritesInAnotherFileIsFound() {
    let found = aspect.assigned(["b", "g", "l", "c"], inExtensionsOf: "Wide")
    #expect(found.map(\.name) == ["b", "g", "c"])
    #expect(found.map(\.line) == [3, 7, 9])
    #expect(aspect.assigned(["b"], inExtensionsOf: "Nobody").isEmpty)
  }
}
