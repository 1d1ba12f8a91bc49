import RCMLBasics
import RCMLDocument

/// How calls behave: what the settings say, in the words of this room, and how a document is read.
///
/// It never changes. It is an object because every call that begins while the settings stay as they are has the same.
public final class CallRules {
  /// How bytes become a document: bytes, Content-Type, URL, settings.
  public typealias Reader = ([UInt8], String, String, Settings) -> Reading

  public let settings: Settings
  public let policy: CallPolicy
  public let read: Reader

  /// `policy`: nil = what `settings` say.
  public init(
    _ settings: Settings, policy: CallPolicy? = nil,
    reader: @escaping Reader = { bytes, contentType, url, settings in
      DocumentReader.read(bytes, contentType: contentType, url: url, settings: settings)
    }
  ) {
    self.settings = settings
    self.policy = policy ?? CallPolicy(settings)
    read = reader
  }
}
