import RCMLAgent
import RCMLBasics
import RCMLDocument

/// The journal of the core on its way to its file, step by step.
final class CoreJournal {
  private let core: any Core
  private var file: JournalFile?

  init(of core: any Core) { self.core = core }

  var isOpen: Bool { file != nil }
  var octets: UInt64 { file?.written ?? 0 }
  /// Why it ended early; nil while it is whole.
  var failure: ReactorError? { file?.failure }

  func open(path: String, product: String) throws(ReactorError) {
    file = try JournalFile(path: path)
    core.journal = JournalWriter(product: product)
  }

  /// What the core has written since. What is to be said about a journal that ends here, once.
  func writeStep() -> Finding? {
    guard let file else { return nil }
    write(to: file)
    guard let failure = file.failure, core.journal != nil else { return nil }
    core.journal = nil
    return Finding(severity: .error, code: .journalFailed, text: failure.text)
  }

  /// In a child that was forked what was not written yet is the parent's to write.
  func close(isOwner: Bool) {
    if isOwner, let file { write(to: file) }
    file = nil
  }

  private func write(to file: JournalFile) {
    file.append(core.takeJournal())
    file.flush()
  }
}
