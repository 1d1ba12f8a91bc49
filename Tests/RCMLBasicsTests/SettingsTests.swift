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

  @Test(arguments: Settings.table.map(\.name))
  func whatIsReadBackCanBeSetAgain(name: String) throws {
    //
    let entry = try #require(Settings.entry(name))
    var settings = Settings()
    let usual = try settings.value(name).get()
    #expect(usual == entry.defaultValue)
    if !usual.isEmpty { #expect(Self.problem(settings.set(name, usual)) == nil) }
    #expect(Self.problem(settings.set(name, entry.example)) == nil, "\(entry.example)")
    let shown = try settings.value(name).get()
    #expect(shown == (entry.kind == .secret ? "***" : entry.example))
    #expect(entry.kind == .secret || shown != usual)
    // Back again.
    #expect(Self.problem(settings.set(name, nil)) == nil)
    #expect(try settings.value(name).get() == usual)
  }

  @Test(arguments: Settings.table.map(\.name))
  func everySettingHasASentenceAndValuesAndIsSaidOnce(name: String) throws {
    //
    let entry = try #require(Settings.entry(name))
    #expect(Settings.table.filter { $0.name == name }.count == 1)
    #expect(entry.text.hasSuffix(".") && entry.text.utf8.count > 10 && !entry.values.isEmpty)
    // Clauses are for whoever builds it.
    #expect(entry.text.firstMatch(of: #/\b[A-Z]-\d/#) == nil)
    #expect((entry.kind == .number || entry.kind == .seconds) == (entry.range != nil))
    for (preset, value) in entry.presets {
      var settings = Settings()
      _ = settings.set("preset", preset)
      #expect(try settings.value(name).get() == value)
    }
  }

  @Test func whatIsTakenBackIsWhatThePresetSays() throws {
    //
    var settings = Settings()
    _ = settings.set("preset", "twilio")
    _ = settings.set("reject_code", "480")
    _ = settings.set("callback_retries", "7")
    _ = settings.set("reject_code", nil)
    #expect(settings.rejectCode == 404 && settings.callbackRetries == 7)
    #expect(try settings.value("preset").get() == "twilio")
    _ = settings.set("preset", nil)
    #expect(settings.rejectCode == 603 && settings.callbackRetries == 7)
    #expect(try settings.value("preset").get() == "")
    #expect(Self.problem(settings.set("rejct_code", nil))?.contains("reject_code") == true)
    #expect(throws: SettingProblem.self) { try settings.value("rejct_code").get() }
  }

  @Test(arguments: [
    ("public_address", "zzz"), ("public_address", "1.2.3"), ("public_address", "2001:db8::1"),
    ("public_address", "203.0.113.1:5060"), ("public_address", "a b.example"),
    ("outbound_proxy", "proxy"), ("outbound_proxy", "sips:proxy.example;transport=udp"),
    ("outbound_proxy", "sip:a b"), ("from_domain", "sip:pbx.example"), ("from_domain", "a@b.c"),
    ("base_url", "pbx.example"), ("base_url", "http://"), ("base_url", "ftp://a.example/"),
    ("base_url", "http://a.example/ b"), ("fallback_url", "voice.xml"), ("recording_url", "x"),
    ("extra_params", "=7"), ("hep", "udp:"), ("hep", "tcp:127.0.0.1:9060"),
    ("hep", "udp:127.0.0.1"), ("hep", "udp:127.0.0.1:0"), ("hep", "udp:::1:9060"),
    ("hep", "udp:homer:9060"), ("hep_id", "4294967296"), ("call_timeout", "0"),
    ("call_timeout", "601"), ("ring_tone", ""), ("recordings", "relative"),
  ])
  func whatCanBeJudgedIsJudgedWhenItIsSet(name: String, value: String) {
    //
    var settings = Settings()
    #expect(Self.problem(settings.set(name, value))?.contains("The setting \(name) is ") == true)
  }

  @Test(arguments: [
    ("public_address", "203.0.113.1"), ("public_address", "[2001:db8::1]"),
    ("public_address", "pbx.example"), ("public_address", "localhost"), ("public_address", ""),
    ("outbound_proxy", "sip:10.0.9.1;lr"), ("outbound_proxy", "sip:p.example:5070;transport=tcp"),
    ("outbound_proxy", ""), ("from_domain", "pbx.example"), ("from_domain", "10.0.0.1:5070"),
    ("base_url", "HTTP://a.example"), ("base_url", "host:/voice"), ("base_url", ""),
    ("recording_url", "file:///r/"), ("hep", "UDP:[::1]:9060"), ("hep", ""),
    ("call_timeout", "600"), ("extra_params", "a=1&b"),
  ])
  func whatIsRightIsTaken(name: String, value: String) {
    var settings = Settings()
    #expect(Self.problem(settings.set(name, value)) == nil)
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
