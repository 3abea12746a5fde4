package dev.serai.connect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.jspecify.annotations.Nullable;

/** Reads what the provider says to an {@link AccountLook}. Stateless. */
final class AccountAnswers {
    private AccountAnswers() {}

    /** What the host's clock says; empty if the header is missing, or no date. */
    static Optional<Instant> date(@Nullable Header header) {
        try {
            return header == null
                    ? Optional.empty()
                    : Optional.of(ZonedDateTime.parse(header.getValue(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The characters of a list, or why there is none. */
    static AccountLook.Answer listed(ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        if (status == 401 || status == 403) {
            return new AccountLook.KeyRefused(status);
        }
        if (status != 200) {
            return new AccountLook.Unusable("answers " + status);
        }
        byte[] body = response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(body);
        } catch (IOException e) {
            return new AccountLook.Unusable("answers 200 with " + body.length + " bytes that are no JSON");
        }
        JsonNode characters = json.isArray() ? json : json.path("characters");
        if (!characters.isArray()) {
            return new AccountLook.Unusable("answers 200 without a list of characters");
        }
        List<AccountLook.Listed> all = new ArrayList<>();
        for (JsonNode character : characters) {
            String id = character.path("character_id").textValue();
            if (id != null) {
                all.add(new AccountLook.Listed(
                        id,
                        character.path("character_name").asText(""),
                        character.at("/memory_settings/enabled").asBoolean(false)));
            }
        }
        return new AccountLook.Characters(List.copyOf(all));
    }
}
