package dev.switchboard.console;

import dev.switchboard.security.Caller;
import io.quarkus.qute.Engine;
import io.quarkus.qute.TemplateInstance;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes pages of screens, in the visitor's language. */
final class Renderer {

    private final Engine engine;

    Renderer(Engine engine) {
        this.engine = engine;
    }

    void render(RoutingContext http, Screen screen) {
        String html = page(http.request(), screen).data("who", who(http)).render();
        http.response()
                .setStatusCode(screen.status())
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .end(html);
    }

    /** Returns who has logged in; nothing where nobody needs to. */
    private static String who(RoutingContext http) {
        Caller caller = Caller.of(http.user(), null);
        return caller == null ? "" : Objects.requireNonNullElse(caller.sender(), "");
    }

    private TemplateInstance page(HttpServerRequest request, Screen screen) {
        String language = language(request);
        TemplateInstance page =
                engine.getTemplate("console/" + screen.template()).instance();
        screen.data().forEach(page::data);
        return page.data("path", request.path())
                .data("here", withoutDone(request.uri()))
                .data("done", done(request.getParam("done")))
                .data("language", language)
                .data("up", up(request.path()))
                .data("zone", Times.zone())
                .data("zoneId", ZoneId.systemDefault().getId())
                .data("classes", MessagePages.CLASSES)
                .data("languages", Texts.LANGUAGES)
                .setAttribute(Texts.ATTRIBUTE, language);
    }

    private static String up(String path) {
        String above = path.substring(0, path.lastIndexOf('/'));
        return above.isEmpty() ? path : above;
    }

    /** What has been done is said once, and not again with each refresh. */
    private static String withoutDone(String address) {
        return address.replaceFirst("[?&]done=\\w*$", "");
    }

    /** Says only what the console itself has to say: an address is easily sent to somebody. */
    private static String done(@Nullable String done) {
        return done != null && Texts.has("done_" + done) ? done : "";
    }

    private static String language(HttpServerRequest request) {
        Cookie chosen = request.getCookie(Texts.ATTRIBUTE);
        return Texts.language(chosen == null ? null : chosen.getValue(), request.getHeader("Accept-Language"));
    }
}
