import RCMLSIP
import Testing

/// What may wait in line, told from its first octets and its To [Y-9].
@Suite struct InviteScanTests {
  private func begins(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBytes { InviteScan.beginsCall($0) }
  }

  @Test(arguments: [
    "INVITE sip:a@b SIP/2.0\r\nTo: <sip:a@b>\r\n\r\n",
    "INVITE sip:a@b SIP/2.0\r\nVia: x;tag=1\r\nt: <sip:a@b>;x=y\r\nTotal: ;tag=2\r\n\r\nTo: ;tag=3",
    "INVITE sip:a@b SIP/2.0\r\nTO \t: <sip:a@b>;tagged=1x\r\n\r\n",
    "INVITE sip:a@b SIP/2.0\r\n\r\n", "INVITE ", "INVITE sip:a@b SIP/2.0",
  ])
  func aNewINVITEBeginsACall(_ text: String) {
    #expect(begins(text))
  }

  @Test(arguments: [
    "INVITE sip:a@b SIP/2.0\r\nTo: <sip:a@b>;tag=1\r\n\r\n",
    "INVITE sip:a@b SIP/2.0\r\nt:<sip:a@b>; tag=1\r\n\r\n",
    "INVITE sip:a@b SIP/2.0\r\nTo\t: sip:a@b;x=y;tag=1\r\n\r\n",
    "OPTIONS sip:a@b SIP/2.0\r\nTo: <sip:a@b>\r\n\r\n", "invite sip:a@b SIP/2.0\r\n", "INVIT", "",
    "BYE sip:a@b SIP/2.0\r\n\r\n", "SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n", "\r\n\r\n",
    "CANCEL sip:a@b SIP/2.0\r\nTo: <sip:a@b>\r\n\r\n",
  ])
  func everythingElseDoesNot(_ text: String) { #expect(!begins(text)) }

  @Test func aCANCELIsKnown() {
    func isCancel(_ text: String) -> Bool {
      Array(text.utf8).withUnsafeBytes { InviteScan.isCancel($0) }
    }
    #expect(isCancel("CANCEL sip:a@b SIP/2.0\r\n\r\n"))
    #expect(!isCancel("CANCELX sip:a@b") && !isCancel("BYE ") && !isCancel("CANC"))
  }
}
