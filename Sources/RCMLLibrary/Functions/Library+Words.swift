// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLBasics

@c @implementation
public func rcml_version() -> UnsafePointer<CChar>? { CText.constant(LibraryVersion.constant) }

enum LibraryVersion {
  static var constant: StaticString { Product.version }
  /// As it stands in journals.
  static var text: String { "librcml \(constant)" }
}

@c @implementation
public func rcml_event_name(_ kind: Int32) -> UnsafePointer<CChar>? {
  switch rcml_event_kind(UInt32(bitPattern: kind)) {
  case RCML_EVENT_INCOMING: CText.constant("incoming")
  case RCML_EVENT_RINGING: CText.constant("ringing")
  case RCML_EVENT_ANSWERED: CText.constant("answered")
  case RCML_EVENT_STATUS: CText.constant("status")
  case RCML_EVENT_DIAL: CText.constant("dial")
  case RCML_EVENT_FINDING: CText.constant("finding")
  case RCML_EVENT_DIGIT: CText.constant("digit")
  case RCML_EVENT_ENDED: CText.constant("ended")
  case RCML_EVENT_REQUEST: CText.constant("request")
  case RCML_EVENT_MESSAGE: CText.constant("message")
  case RCML_EVENT_REFUSED: CText.constant("refused")
  case RCML_EVENT_DRAINED: CText.constant("drained")
  case RCML_EVENT_CREDENTIALS: CText.constant("credentials")
  case RCML_EVENT_HOST: CText.constant("host")
  case RCML_EVENT_CALLBACK: CText.constant("callback")
  case RCML_EVENT_URL: CText.constant("url")
  case RCML_EVENT_EXCHANGE: CText.constant("exchange")
  case RCML_EVENT_SPEECH: CText.constant("speech")
  case RCML_EVENT_VERB: CText.constant("verb")
  case RCML_EVENT_TARGET: CText.constant("target")
  case RCML_EVENT_SECRET: CText.constant("secret")
  case RCML_EVENT_RECORDING: CText.constant("recording")
  default: CText.empty
  }
}
