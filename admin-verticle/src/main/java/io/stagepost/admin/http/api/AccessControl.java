package io.stagepost.admin.http.api;

/** Who can come in, and by what. */
public record AccessControl(UserRoles roles, Sessions sessions, Tokens tokens) {}
