import CRCML
import Testing

@testable import RCMLLibrary

/// Strings and structs that cross the header (header: STRINGS, VERSIONS).
@Suite struct TextTests {
  @Test func aCutOffTextEndsBehindAWholeCharacter() {
    var room = [UInt8](repeating: 0xaa, count: 16)
    room.withUnsafeMutableBytes { bytes in
      if let base = bytes.baseAddress { CText.copy("aé€", to: base, room: 5) }
    }
    #expect(Array(room.prefix(4)) == [0x61, 0xc3, 0xa9, 0])
    #expect(room[6] == 0xaa)
  }

  @Test func lentStringsStayWhereTheyAreWhileOneEventIsWritten() {
    var lent = LentText()
    defer { lent.free() }
    let first = lent.put("first")
    let large = lent.put(String(repeating: "x", count: 100_000))
    for _ in 0..<1_000 { _ = lent.put("filler") }
    #expect(String(cString: first) == "first")
    #expect(String(cString: large).count == 100_000)
    lent.reset()
    #expect(String(cString: lent.put("again")) == "again")
  }

  @Test func aNewerProgramsLargerStructIsReadAsFarAsWeKnowIt() throws {
    var options = rcml_ladder_options()
    options.struct_size = 4_000
    let read = withUnsafePointer(to: &options) {
      SizedStruct.read($0, otherwise: rcml_ladder_options())
    }
    #expect(try #require(read).struct_size == 4_000)
  }

  @Test func aStructThatWasNotSetUpIsRefused() {
    var event = rcml_event()
    let written = SizedStruct.write(rcml_event(), to: &event)
    #expect(!written)
  }
}
