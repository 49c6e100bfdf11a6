package dev.switchboard.console;

import dev.switchboard.security.Access;
import dev.switchboard.security.LoginAddress;
import io.quarkus.qute.Engine;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.camel.ProducerTemplate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the screens under {@code /console}. Each has an address; what changes something is a form. */
@ApplicationScoped
class Console {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final String HOME = "/console";
    private static final int FIRST = -1000;
    /** After Quarkus has identified the caller (at -100), and before Camel. */
    private static final int KNOWN = -99;

    private static final int LARGEST_FORM = 512 << 10;
    private static final long YEAR_SECONDS = 365L * 24 * 60 * 60;

    private final Renderer renderer;
    private final Instance<ProducerTemplate> routes;
    private final Instance<Access> access;
    private final Guard guard;
    private final Login login;
    private int order = KNOWN;

    Console(
            Engine engine,
            Instance<ProducerTemplate> routes,
            Instance<Access> access,
            Login login,
            @ConfigProperty(name = "switchboard.console.hosts") Optional<Set<String>> hosts) {
        this.renderer = new Renderer(engine);
        this.routes = routes;
        this.access = access;
        this.login = login;
        this.guard = new Guard(hosts.orElse(Set.of()));
    }

    /** Shows a screen. */
    interface Show {
        Screen show(Api api, Visit visit);
    }

    /** Carries out a form, and returns the screen to show then. */
    interface Act {
        Screen act(Api api, Visit visit);
    }

    void serve(@Observes Router router) {
        router.route().order(FIRST).handler(guard::protectApi);
        router.route(HOME + "*").order(FIRST + 1).handler(guard::protect);
        route(router, HttpMethod.POST, "*").handler(form());
        route(router, HttpMethod.GET, "/assets/:name").handler(new Assets());
        route(router, HttpMethod.POST, "/language")
                .handler(http -> choose(http, Texts.ATTRIBUTE, Texts.LANGUAGES.keySet()));
        route(router, HttpMethod.POST, "/clock")
                .handler(http -> choose(http, Times.CLOCK, Set.of(Times.UTC, Times.LOCAL)));
        get(router, "/login", login::show);
        route(router, HttpMethod.POST, "/login").blockingHandler(login::enter, false);
        route(router, HttpMethod.POST, "/logout").handler(http -> login.leave(http, this::lead));
        login.provider().ifPresent(provider -> {
            route(router, HttpMethod.GET, "/sign-on").handler(http -> login.signOn(http, provider));
            route(router, HttpMethod.GET, "/sign-on/back").handler(http -> login.back(http, provider, this::lead));
        });
        get(router, "", OverviewPage::show);
        get(router, "/messages", MessagePages::list);
        get(router, "/messages/:id", MessagePages::show);
        get(router, "/conversations/:vendor/:account/:id", MessagePages::conversation);
        get(router, "/messages/:id/edit", EditPages::show);
        post(router, "/messages/:id/edit", EditPages::send, EditPages::show);
        post(router, "/messages/:id/:action", MessagePages::act, MessagePages::show);
        get(router, "/dead-letters", ReplayPages::groups);
        get(router, "/dead-letters/list", MessagePages::deadLetters);
        get(router, "/invalid", InvalidPages::list);
        get(router, "/invalid/:id", InvalidPages::show);
        post(router, "/invalid/:id/:action", InvalidPages::act, InvalidPages::show);
        get(router, "/replays", ReplayPages::list);
        post(router, "/replays", ReplayPages::begin, ReplayPages::prepare);
        get(router, "/replays/new", ReplayPages::prepare);
        post(router, "/replays/new", ReplayPages::prepare, ReplayPages::prepare);
        get(router, "/replays/:id", ReplayPages::show);
        post(router, "/replays/:id/cancel", ReplayPages::cancel, ReplayPages::show);
        get(router, "/batches", BatchPages::list);
        get(router, "/batches/:id", BatchPages::show);
        post(router, "/batches/:id/:action", BatchPages::act, BatchPages::show);
        get(router, "/lanes/:vendor/:account", LanePages::show);
        post(router, "/lanes/:vendor/:account/:action", LanePages::act, LanePages::show);
        get(router, "/send", SendPages::show);
        post(router, "/send", SendPages::send, SendPages::show);
        get(router, "/keys", KeyPages::list);
        post(router, "/keys", KeyPages::create, KeyPages::list);
        post(router, "/keys/:name/revoke", KeyPages::revoke, KeyPages::list);
        get(router, "/audit", AuditPage::show);
        get(router, "/routes", RoutePages::show);
        get(router, "/routes/:id", RoutePages::one);
        get(router, "/*", (api, visit) -> Screen.refused(new Api.Refusal(404, "noPage")));
    }

    /** Registered before Camel's handlers, which answer every other path. */
    private Route route(Router router, HttpMethod method, String path) {
        return router.route(method, HOME + path).order(order++);
    }

    private void get(Router router, String path, Show show) {
        route(router, HttpMethod.GET, path).blockingHandler(http -> answer(http, show::show), false);
    }

    /** A form that is refused is shown again. A viewer who opens its address without one, as after a login, sees the screen above. */
    private void post(Router router, String path, Act act, Show form) {
        route(router, HttpMethod.POST, path)
                .blockingHandler(http -> answer(http, (api, visit) -> act(api, visit, act, form)), false);
        get(router, path, (api, visit) -> Screen.at(visit.above()));
    }

    private static Screen act(Api api, Visit visit, Act act, Show form) {
        try {
            return act.act(api, visit);
        } catch (Api.Refusal e) {
            return form.show(api, visit).refused(e, visit.typed());
        }
    }

    private static BodyHandler form() {
        return BodyHandler.create(false).setBodyLimit(LARGEST_FORM);
    }

    private void answer(RoutingContext http, BiFunction<Api, Visit, Screen> answer) {
        Viewer viewer = Viewer.of(http, access.get());
        renderer.render(http, screen(http, viewer, answer), viewer);
    }

    private Screen screen(RoutingContext http, Viewer viewer, BiFunction<Api, Visit, Screen> answer) {
        try {
            return answer.apply(new Api(routes.get(), viewer.caller()), new Visit(http, viewer));
        } catch (Api.Refusal e) {
            return Screen.refused(e);
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", http.request().method(), http.request().path(), e);
            return Screen.refused(new Api.Refusal(500, "failed"));
        }
    }

    /**
     * Leads on by a page of ours: along a redirect, browsers send no strict cookie where another site sent them here, and go to no
     * other site from a form.
     */
    private void lead(RoutingContext http, String address) {
        renderer.render(http, Screen.of("lead", Map.of("address", address)), Viewer.of(http, access.get()));
    }

    /** Remembers a choice, and shows the page again on which it was made. */
    private static void choose(RoutingContext http, String name, Set<String> choices) {
        String chosen = http.request().getFormAttribute(name);
        if (chosen != null && choices.contains(chosen)) {
            http.response().addCookie(remembered(name, chosen));
        }
        String back = http.request().getFormAttribute("back");
        redirect(http, back != null && LoginAddress.isOurs(back) ? back : HOME);
    }

    /** Returns a cookie by which the browser remembers something for a year. */
    static Cookie remembered(String name, String value) {
        return Cookie.cookie(name, value)
                .setPath(HOME)
                .setMaxAge(YEAR_SECONDS)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT);
    }

    static void redirect(RoutingContext http, String address) {
        http.response().setStatusCode(303).putHeader("Location", address).end();
    }
}
