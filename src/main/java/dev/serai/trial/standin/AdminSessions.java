package dev.serai.trial.standin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** The part of the admin API that is about open sessions, their rooms and the {@link SessionRules}. */
final class AdminSessions {

    private final OpenSessions sessions;
    private final SessionRules startRules;

    AdminSessions(OpenSessions sessions, SessionRules startRules) {
        this.sessions = sessions;
        this.startRules = startRules;
    }

    void addTo(Router router) {
        String path = StandIn.ADMIN_PATH;
        router.get(path + "/open-sessions")
                .handler(context -> AdminHandler.json(context, 200, json(sessions.counts())));
        router.get(path + "/rooms").handler(this::listRooms);
        router.get(path + "/shared-keys").handler(this::listSharedKeys);
        router.get(path + "/session-rules").handler(context -> AdminHandler.json(context, 200, json(sessions.rules())));
        router.put(path + "/session-rules").handler(AdminHandler.strictly(this::setRules));
        router.delete(path + "/session-rules")
                .handler(context -> AdminHandler.done(context, () -> sessions.rules(startRules)));
    }

    private void listRooms(RoutingContext context) {
        JsonArray rooms = new JsonArray();
        for (OpenRoom room : sessions.rooms()) {
            rooms.add(new JsonObject()
                    .put("room_name", room.roomName())
                    .put("account", room.account())
                    .put("character_ids", new JsonArray(room.characterIds()))
                    .put("shared_session_key", room.sharedSessionKey())
                    .put("speaker_id", room.speakerId())
                    .put("end_user_id", room.endUserId())
                    .put("open_sessions", room.openSessions())
                    .put("slots", room.slots()));
        }
        AdminHandler.json(context, 200, new JsonObject().put("rooms", rooms));
    }

    private void listSharedKeys(RoutingContext context) {
        JsonArray keys = new JsonArray();
        for (SharedKeyUse use : sessions.sharedKeys()) {
            keys.add(new JsonObject()
                    .put("account", use.account())
                    .put("shared_session_key", use.sharedSessionKey())
                    .put("rooms_created", use.roomsCreated())
                    .put("sessions_opened", use.sessionsOpened())
                    .put("open_sessions", use.openSessions()));
        }
        AdminHandler.json(context, 200, new JsonObject().put("shared_keys", keys));
    }

    /** Fields that are not sent stay as they are. */
    private void setRules(RoutingContext context) {
        AdminInput input = AdminInput.parse("session rules", CallServer.body(context))
                .only("gone_session", "foreign_session", "second_create", "disconnect_ends", "idle_after_ms");
        SessionRules rules = sessions.rules();
        if (input.names("gone_session")) {
            rules = rules.withGoneSession(input.choice("gone_session", SessionRules.GoneSession.class));
        }
        if (input.names("foreign_session")) {
            rules = rules.withForeignSession(input.choice("foreign_session", SessionRules.ForeignSession.class));
        }
        if (input.names("second_create")) {
            rules = rules.withSecondCreate(input.choice("second_create", SessionRules.SecondCreate.class));
        }
        if (input.names("disconnect_ends")) {
            rules = rules.withDisconnectEnds(input.choice("disconnect_ends", SessionRules.DisconnectEnds.class));
        }
        if (input.names("idle_after_ms")) {
            rules = rules.withIdleAfter(input.has("idle_after_ms") ? input.positiveMillis("idle_after_ms") : null);
        }
        sessions.rules(rules);
        AdminHandler.json(context, 200, json(rules));
    }

    private static JsonObject json(SessionRules rules) {
        return new JsonObject()
                .put("gone_session", rules.goneSession().toString())
                .put("foreign_session", rules.foreignSession().toString())
                .put("second_create", rules.secondCreate().toString())
                .put("disconnect_ends", rules.disconnectEnds().toString())
                .put(
                        "idle_after_ms",
                        rules.idleAfter() == null ? null : rules.idleAfter().toMillis());
    }

    private static JsonObject json(SessionCounts counts) {
        return new JsonObject()
                .put("rooms_created", counts.roomsCreated())
                .put("sessions_opened", counts.sessionsOpened())
                .put("open_rooms", counts.openRooms())
                .put("open_sessions", counts.openSessions())
                .put("open_sessions_by_account", object(counts.openByAccount()))
                .put("slots_by_account", object(counts.slotsByAccount()))
                .put("ended", object(counts.ended()));
    }

    private static JsonObject object(Map<?, ? extends Number> counts) {
        JsonObject json = new JsonObject();
        counts.forEach((key, count) -> json.put(key.toString(), count));
        return json;
    }
}
