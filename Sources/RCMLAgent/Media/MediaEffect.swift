import RCMLDial
import RCMLMedia

/// What a call's media wants of its dialogs and of the media engine.
enum MediaEffect: Equatable {
  /// re-INVITE.
  case offer(Party, [UInt8])
  /// 200 to a re-INVITE or UPDATE.
  case answer(Party, [UInt8])
  case refuse(Party, code: UInt16)
  /// Who wanted the re-INVITE has taken it back, or has gone: CANCEL, or it is not sent if it still waits for its turn.
  case cancelOffer(Party)
  /// Whom it wanted to join has gone: the re-INVITE is not sent if it still waits for its turn.
  case withdraw(Party)
  case describe(MediaID, StreamDescription)
  case join(MediaID, MediaID, withheldKey: UInt8)
  case part(MediaID)
  case close(MediaID)
  case warn(String)
}
