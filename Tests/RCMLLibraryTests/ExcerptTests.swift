import Testing

@testable import RCMLLibrary

/// The picture below a finding (spec E-7).
@Suite struct ExcerptTests {
  @Test func theCaretStandsBelowTheColumn() {
    let excerpts = Excerpts(Array("<Response>\n  <Dail/>\n</Response>".utf8))
    #expect(excerpts.excerpt(line: 2, column: 3) == "      <Dail/>\n      ^")
  }

  @Test func aPlaceThatIsNotInTheTextHasNoPicture() {
    let excerpts = Excerpts(Array("<a/>".utf8))
    #expect(excerpts.excerpt(line: 0, column: 1) == "")
    #expect(excerpts.excerpt(line: 2, column: 1) == "")
    #expect(excerpts.excerpt(line: 1, column: 9) == "")
    #expect(Excerpts([0xff, 0xfe, 0x3c]).excerpt(line: 1, column: 1) == "")
  }

  @Test func aLongLineIsShownAroundThePlace() {
    let line = String(repeating: "x", count: 500)
    let excerpt = Excerpts(Array(line.utf8)).excerpt(line: 1, column: 300)
    let lines = excerpt.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.count <= Excerpts.width + 4 })
    #expect(lines[1].hasSuffix("^"))
  }

  @Test func tabsAndOtherControlCharactersTakeOneColumn() {
    let excerpts = Excerpts(Array("\t<b>".utf8))
    #expect(excerpts.excerpt(line: 1, column: 2) == "     <b>\n     ^")
  }

  @Test(arguments: [
    "<Sip username=\"u\" password=\"s3cr3t\">", "<Sip password = 's3cr3t'>",
    "<Sip PassWord=\"s3cr3t\">", "<Sip pasword=\"s3cr3t\">", "<Sip password=s3cr3t>",
    "<Sip password=\"s3cr3t", "<Sip a:password=\"x&s3cr3t\">",
    "<Dial action=\"http://u:s3cr3t@h/a\">",
    "<Play>https://s3cr3t@h/</Play>", "<Play>//u:s3cr3t@h/</Play>",
    "<Sip>sip:a:s3cr3t@h</Sip>", "<Sip>SIPS:a:s3cr3t@h</Sip>",
  ])
  func noSecretIsInAPicture(line: String) {
    //
    let shown = Excerpts(Array(line.utf8)).excerpt(line: 1, column: 1)
    #expect(!shown.contains("s3cr3t") && shown.contains("***"))
    #expect(shown.split(separator: "\n").first?.count == line.count + 4)
  }

  @Test func whatIsNoSecretIsShownAsItStands() {
    let line = "<Sip url=\"http://h:80/a\" username=\"u\">sip:a@h:5060;x=1</Sip>"
    #expect(Excerpts(Array(line.utf8)).excerpt(line: 1, column: 1).contains(line))
  }

  @Test func aPasswordOverSeveralLinesIsCoveredOnEach() {
    let excerpts = Excerpts(Array("<Sip password=\"s3cr3t\ns3cr3t\"/>".utf8))
    #expect(excerpts.excerpt(line: 2, column: 1) == "    ******\"/>\n    ^")
  }
}

//
@Suite struct ExcerptSecrets {
  @Test(arguments: [
    "<Sip username=\"a\" password=\"secret\">sip:a@h</Sip>",
    "<Sip password = 'secret'>sip:a@h</Sip>", "<Sip password=\"secret", "<Sip password=secret>",
    "<Sip>sip:alice:secret@h</Sip>", "<Dial action=\"https://user:secret@web.example/a\"/>",
  ])
  func noExcerptShowsASecret(line: String) {
    let excerpts = Excerpts(Array(line.utf8))
    let shown = excerpts.excerpt(line: 1, column: 2)
    #expect(!shown.contains("secret"))
    #expect(shown.contains("******"))
  }

  @Test func whatIsNoSecretIsShown() {
    let line = "<Sip>sip:alice@host.example:5060</Sip>"
    #expect(Excerpts(Array(line.utf8)).excerpt(line: 1, column: 1).contains(line))
  }
}
