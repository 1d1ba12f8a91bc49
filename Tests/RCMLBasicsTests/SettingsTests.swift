import RCMLBasics
import Testing

struct SettingsTests {
  static func problem(_ result: Result<Void, SettingProblem>) -> String? {
    if case .failure(let problem) = result { problem.text } else { nil }
  }

  @Test(arguments: [
    ("answer_mode", "immediate"), ("callback_retries", "0"), ("http_timeout", "2.5"),
    ("cancel_wait", "32"), ("trust_domain", "TRUE"), ("callback_default_events", "completed"),
    ("http_retry_on", "ct, 5xx"), ("id_header_prefix", ""), ("signing_key", "12345"),
    ("preset", "twilio"), ("preset", "restcomm"), ("require_auth", "alice:s:1"),
    ("require_auth", ""), ("ask_credentials", "true"), ("ask_speech", "true"), ("dns_server", ""),
    ("rtp_lock", "off"), ("rtp_lock", "any"), ("rewrite_contact", "off"),
    ("rewrite_contact", "private"), ("rewrite_contact", "always"), ("keepalive", "0"),
    ("keepalive", "3600"),
    ("dns_server", "127.0.0.1:5353,[::1]:53,[::1],10.0.0.1"),
    ("product", ""), ("product", "Desk/2 (front; Jörg)"),
  ])
  func aSettingIsPutByItsName(name: String, value: String) {
    var settings = Settings()
    #expect(Self.problem(settings.set(name, value)) == nil)
  }

  @Test(arguments: [
    ("answer_mode", "later"), ("callback_retries", "-1"), ("callback_retries", "11"),
    ("http_timeout", "300.5"), ("http_timeout", "1.2345"), ("http_timeout", "x"),
    ("trust_domain", "yes"), ("callback_default_events", "answered,foo"),
    ("signature_header", "X Y"), ("base_url", "a\r\nb"), ("reject_code", "200"),
    ("preset", "asterisk"), ("require_auth", "alice"), ("require_auth", ":x"), ("", ""),
    ("answer_mod", "immediate"), ("dns_server", "ns.example"), ("dns_server", "127.0.0.1:0"),
    ("rewrite_contact", "inner"), ("keepalive", "3601"), ("keepalive", "2.5"), ("keepalive", "-1"),
    ("dns_server", "127.0.0.1:"), ("dns_server", "127.0.0.1,"), ("dns_server", "::1"),
    ("dns_server", "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1"), ("dns_server", "127.0.0.1:65536"),
    ("product", "a\r\nX-Evil: 1"), ("product", "a\nb"), ("product", "a\u{0}"),
    ("product", "a\u{7f}"),
    ("product", "a\u{85}b"), ("product", "a\u{2028}b"),
    ("product", String(repeating: "x", count: 129)),
  ])
  func aWrongNameOrValueIsRefusedAndChangesNothing(name: String, value: String) {
    //
    var settings = Settings()
    #expect(Self.problem(settings.set(name, value)) != nil)
    #expect(settings.answerMode == .onBridge && settings.callbackRetries == 2)
    #expect(settings.product == Product.token)
  }

  @Test func aMisspelledNameIsToldTheNearest() {
    //
    var settings = Settings()
    #expect(Self.problem(settings.set("awnser_mode", "x"))?.contains("answer_mode") == true)
    #expect(Self.problem(settings.set("callback_retry", "x"))?.contains("callback_retries") == true)
  }

  @Test func aPresetIsUnderneathWhateverElseIsSet() {
    //
    var before = Settings()
    _ = before.set("callback_retries", "3")
    _ = before.set("preset", "restcomm")
    var after = Settings()
    _ = after.set("preset", "restcomm")
    _ = after.set("callback_retries", "3")
    for settings in [before, after] {
      #expect(settings.callbackRetries == 3)
      #expect(settings.answerMode == .immediate)
      #expect(settings.sipAddressFormat == .user)
    }
    _ = after.set("preset", "twilio")
    #expect(after.callbackRetries == 3)
    #expect(after.sipAddressFormat == .auto)
    #expect(after.rejectCode == 404)
  }

  @Test func secondsMayHaveDecimals() {
    var settings = Settings()
    _ = settings.set("http_timeout", "2.05")
    #expect(settings.httpTimeout == .milliseconds(2_050))
  }

  @Test func theSigningKeyIsNeverPrinted() {
    //
    var settings = Settings()
    _ = settings.set("signing_key", "s3cr3t")
    #expect(settings.signingKey?.exposed == "s3cr3t")
    #expect(!"\(String(describing: settings.signingKey))".contains("s3cr3t"))
  }
}
