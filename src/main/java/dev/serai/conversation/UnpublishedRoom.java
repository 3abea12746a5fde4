package dev.serai.conversation;

import dev.serai.connect.OneRoom;
import dev.serai.connect.answer.SessionId;
import dev.serai.connect.gate.RoomSlot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A room that no reply has told of.
 *
 * @param sessions what ends it
 * @param oneRoom how it was asked for; null if the event does not come to it again
 * @param slot of the plan that it takes
 */
record UnpublishedRoom(List<SessionId> sessions, @Nullable OneRoom oneRoom, RoomSlot slot) {}
