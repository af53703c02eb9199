"""Addresses of the bureau's pages; what the frame of every page links to has a name without a room."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from bureau.views import (
    contacts,
    desk,
    documents,
    door,
    jobs,
    messages,
    organisations,
    outbox,
    requests,
    rules,
    trail,
    verify,
)

pages = [
    path("welcome/<str:person>/<str:token>/", door.welcome, name="welcome"),
    path("units/", organisations.unit_list, name="units"),
    path("units/<str:code>/", organisations.unit_detail, name="unit"),
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/<slug:code>/", organisations.organisation_detail, name="organisation"),
    path("messages/read/", messages.message_read_all, name="messages-read"),
    path("messages/<uuid:pk>/", messages.message_open, name="message"),
    path("messages/<uuid:pk>/open/", messages.message_open, name="message-open"),
    path("outbox/", outbox.delivery_list, name="outbox"),
    path("outbox/<uuid:pk>/", outbox.delivery_detail, name="delivery"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/<uuid:pk>/", requests.request_detail, name="request"),
    path("requests/<uuid:pk>/decide/", requests.request_decide, name="request-decide"),
    path("requests/<uuid:pk>/withdraw/", requests.request_withdraw, name="request-withdraw"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/changes/<uuid:pk>/", rules.rule_change, name="rule-change"),
    path("rules/changes/<uuid:pk>/move/", rules.rule_change_move, name="rule-change-move"),
    path("rules/<slug:name>/", rules.rule_detail, name="rule"),
    path("trail/", trail.trail, name="trail"),
    path("trail/roots/<int:n>/", trail.root_file, name="root-file"),
    path("trail/roots.jsonl", trail.roots_file, name="roots-file"),
    path("trail/headers.jsonl", trail.headers_file, name="headers-file"),
    path("trail/keys.json", trail.keys_file, name="keys-file"),
    path("trail/verifier.pyz", trail.verifier_file, name="verifier-file"),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
    path("jobs/<uuid:pk>/progress/", jobs.job_progress, name="job-progress"),
    path("documents/<uuid:pk>/", documents.document, name="document"),
    path("documents/<uuid:pk>/original/", documents.original, name="original"),
]
urlpatterns = [
    path("", door.door, name="door"),
    path("sign-in/", door.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("i18n/setlang/", door.set_language, name="set_language"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.verify, name="verify-code"),
    path("desk/", desk.desk, name="desk"),
    path("me/", door.me, name="me"),
    path("me/contacts/", contacts.contacts, name="contacts"),
    path("messages/", messages.message_list, name="messages"),
    path("", include("bureau.urls_calendar")),
    path("", include((pages, "bureau"))),
]
